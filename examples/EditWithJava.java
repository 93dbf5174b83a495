// Edit a photo with Java's own HttpClient (Java 17 or newer, no build):
//
//   java examples/EditWithJava.java http://127.0.0.1:18463 photo.jpg old.jpg
//
// Over https, with the authority of `ailab-mock ca export ca.pem` as the trust store:
//
//   keytool -importcert -noprompt -alias ailab-mock -file ca.pem -keystore trust.p12 -storepass changeit
//   java -Djavax.net.ssl.trustStore=trust.p12 -Djavax.net.ssl.trustStorePassword=changeit \
//     examples/EditWithJava.java https://www.ailabapi.com photo.jpg old.jpg

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public class EditWithJava {
    private static final String BOUNDARY = "a-boundary-of-this-example";
    private static final Pattern IMAGE = Pattern.compile("\"image\"\\s*:\\s*\"([^\"]*)\"");

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path target = Path.of(arguments[2]);
        HttpRequest request = HttpRequest.newBuilder(
                URI.create(arguments[0] + "/api/portrait/effects/face-attribute-editing"))
            .header("ailabapi-api-key", "any-key")
            .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
            .POST(HttpRequest.BodyPublishers.ofByteArray(form(Files.readAllBytes(Path.of(arguments[1])))))
            .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        Matcher image = IMAGE.matcher(response.body());
        if (response.statusCode() != 200 || !image.find()) {
            System.err.println(response.statusCode() + " " + response.body());
            System.exit(1);
        }
        Files.write(target, Base64.getDecoder().decode(image.group(1)));
        System.out.println("wrote " + target);
    }

    private static byte[] form(byte[] photo) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        text(body, "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"action_type\"\r\n\r\nTO_OLD\r\n");
        text(body, "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"image\"; filename=\"photo.jpg\"\r\n\r\n");
        body.write(photo);
        text(body, "\r\n--" + BOUNDARY + "--\r\n");
        return body.toByteArray();
    }

    private static void text(ByteArrayOutputStream body, String text) throws IOException {
        body.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
