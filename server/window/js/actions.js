// The vendor's actions, and what to call them.

export const ACTIONS = {
  TO_KID: "Child",
  TO_OLD: "Old",
  TO_FEMALE: "Female",
  TO_MALE: "Male",
  V2_AGE: "Any age",
  V2_GENDER: "Gender 0/1",
};
