"""`GET /api/common/query-credits`: clients use it as their check of the credentials."""

from __future__ import annotations

from typing import Any

from server.tenant.credits import Account

OPERATION_POOL = ("portrait_face_attribute_editing", "Age & Gender swap")
COMMON_POOL = ("common", "Common")


def credit_entries(account: Account) -> list[dict[str, Any]]:
    """Return the vendor's `data`: this operation's own pool, never bought here, and the shared one."""
    return [_entry(OPERATION_POOL, 0, 0, account), _entry(COMMON_POOL, account.balance, account.total, account)]


def _entry(pool: tuple[str, str], balance: int, total: int, account: Account) -> dict[str, Any]:
    return {
        "unique_sign": pool[0],
        "name": pool[1],
        "balance": float(balance),
        "total": float(total),
        "last_recharge_balance": float(total),
        "balance_warning": 0.0,
        "first_buy_time": account.bought_at_s,
        "last_update_time": account.updated_at_s,
    }
