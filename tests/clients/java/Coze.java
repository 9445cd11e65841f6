import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Speaks to Coze as the vendor's Java SDK does: its headers, its bodies without members that are null, its way to read
 * streams, where the lines of an event follow each other at once.
 *
 * <p>Prints one line for each response or event: its name, a tab, its JSON.
 *
 * <p>Usage: java Coze.java BASE_URL
 */
public class Coze {
    private static final String BOT = "7342866812345678901";
    private static final String WORKFLOW = "7389589103588700001";
    private static final String QUESTION = "{\"role\":\"user\",\"type\":\"question\",\"content\":\"桌面云打不开\",\"content_type\":\"text\"}";
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static String base;
    private static PrintStream out;

    public static void main(String[] args) throws Exception {
        base = args[0];
        out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        String token = jwtToken();
        chats(token);
        workflows(token);
        upload(token);
        json(token, "refused", "GET", "/v1/bot/get_online_info?bot_id=invalid", null);
        json(token, "bots", "GET", "/v1/space/published_bots_list?space_id=7361424235321600001&page_index=1&page_size=10", null);
        json(token, "workspaces", "GET", "/v1/workspaces?page_num=1&page_size=10", null);
        json("expired-token", "expired", "GET", "/v1/workspaces?page_num=1&page_size=10", null);
    }

    private static void chats(String token) throws Exception {
        String talk = text(json(token, "conversation", "POST", "/v1/conversation/create", "{}"), "id");
        String asked = "{\"bot_id\":\"" + BOT + "\",\"user_id\":\"u\",\"additional_messages\":[" + QUESTION + "],\"stream\":";
        String chat = text(json(token, "chat", "POST", "/v3/chat?conversation_id=" + talk,
                asked + "false,\"auto_save_history\":true}"), "id");
        String where = "?conversation_id=" + talk + "&chat_id=" + chat;
        String status = "in_progress";
        while (status.equals("in_progress")) {
            status = text(json(token, "retrieved", "GET", "/v3/chat/retrieve" + where, null), "status");
        }
        json(token, "messages", "GET", "/v3/chat/message/list" + where, null);
        chatStream(token, asked + "true}");
        json(token, "canceled", "POST", "/v3/chat/cancel",
                "{\"conversation_id\":\"" + talk + "\",\"chat_id\":\"" + chat + "\"}");
    }

    private static void workflows(String token) throws Exception {
        String run = "{\"workflow_id\":\"" + WORKFLOW + "\",\"parameters\":{\"a\":\"b\"}";
        json(token, "run", "POST", "/v1/workflow/run", run + "}");
        workflowStream(token, "/v1/workflow/stream_run", run + "}");
        String begun = json(token, "begun", "POST", "/v1/workflow/run", run + ",\"is_async\":true}");
        String history = "/v1/workflows/" + WORKFLOW + "/run_histories/" + text(begun, "execute_id");
        json(token, "history", "GET", history, null);
    }

    private static void upload(String token) throws Exception {
        String body = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n"
                + "Content-Type: multipart/form-data\r\nContent-Length: 5\r\n\r\nimage\r\n--x--\r\n";
        HttpRequest request = request(token, "/v1/files/upload")
                .header("Content-Type", "multipart/form-data; boundary=x")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        out.println("file\t" + CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    /** A token for a JWT signed here; the account's path is the one that the SDK uses when it knows an account. */
    private static String jwtToken() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair keys = generator.generateKeyPair();
        long now = System.currentTimeMillis() / 1000;
        String host = URI.create(base).getHost() + ":" + URI.create(base).getPort();
        String claims = String.format("{\"iss\":\"app\",\"aud\":\"%s\",\"exp\":%d,\"iat\":%d,\"jti\":\"%d\"}",
                host, now + 900, now, now);
        String content = part("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"key\"}") + "." + part(claims);
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(keys.getPrivate());
        signature.update(content.getBytes(StandardCharsets.UTF_8));
        String jwt = content + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
        String body = json(jwt, "token", "POST", "/api/permission/oauth2/account/1/token",
                "{\"grant_type\":\"urn:ietf:params:oauth:grant-type:jwt-bearer\",\"duration_seconds\":900}");
        Integer.parseInt(matched(body, "\"expires_in\":(\\d+)"));
        return text(body, "access_token");
    }

    private static String part(String content) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(content.getBytes(StandardCharsets.UTF_8));
    }

    private static void chatStream(String token, String body) throws Exception {
        try (BufferedReader reader = stream(token, "/v3/chat", body)) {
            String line;
            while ((line = reader.readLine()) != null) {
                if (line.startsWith("event:")) {
                    out.println("event:" + line.substring(6).trim() + "\t" + reader.readLine().substring(5).trim());
                }
            }
        }
    }

    private static void workflowStream(String token, String path, String body) throws Exception {
        try (BufferedReader reader = stream(token, path, body)) {
            String line;
            while ((line = reader.readLine()) != null) {
                if (line.startsWith("id:")) {
                    String name = reader.readLine().substring(6).trim();
                    out.println("event:" + name + "\t" + reader.readLine().substring(5).trim());
                }
            }
        }
    }

    private static BufferedReader stream(String token, String path, String body) throws Exception {
        HttpResponse<InputStream> answer = CLIENT.send(
                request(token, path)
                        .header("Content-Type", "application/json; charset=UTF-8")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        if (!answer.headers().firstValue("Content-Type").orElse("").contains("event-stream")) {
            throw new IOException("no stream");
        }
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    private static String json(String token, String name, String method, String path, String body) throws Exception {
        HttpRequest.Builder builder = request(token, path);
        if (body == null) {
            builder.GET();
        } else {
            builder.header("Content-Type", "application/json; charset=UTF-8")
                    .method(method, HttpRequest.BodyPublishers.ofString(body));
        }
        HttpResponse<String> answer = CLIENT.send(builder.build(), HttpResponse.BodyHandlers.ofString());
        answer.headers().firstValue("x-tt-logid").orElseThrow();
        out.println(name + "\t" + answer.body());
        return answer.body();
    }

    private static HttpRequest.Builder request(String token, String path) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .header("Authorization", "Bearer " + token)
                .header("User-Agent", "cozejava/0.4.2 java/17 linux/6")
                .header("X-Coze-Client-User-Agent", "{\"lang\":\"java\",\"version\":\"0.4.2\"}");
    }

    private static String text(String json, String member) {
        return matched(json, "\"" + member + "\":\"([^\"]*)\"");
    }

    private static String matched(String json, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(json);
        if (!found.find()) {
            throw new IllegalStateException(pattern + " is not in " + json);
        }
        return found.group(1);
    }
}
