package dev.hubbub.standalone;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.EventHandlers;
import dev.hubbub.OnEvent;
import dev.hubbub.RecordedLog;
import dev.hubbub.client.EventClient;
import dev.hubbub.http.Body;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

/** The server in the process of the test, which can block its handlers. */
class StandaloneTest {
    private static final BlockingQueue<AsyncContext> WAITING = new LinkedBlockingQueue<>();

    public static final class Later extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) {
            WAITING.add(request.startAsync());
        }
    }

    @Test
    void aServletCanRespondLaterFromAnotherThread() throws Exception {
        try (Standalone server = Standalone.start("127.0.0.1", 0, null, Set.of(), context -> {
                    ServletRegistration.Dynamic later = context.addServlet("later", Later.class);
                    later.addMapping("/later");
                    later.setAsyncSupported(true);
                });
                EventClient client = EventClient.connect(server.eventsUrl())) {
            CompletableFuture<HttpResponse<String>> answer = HttpClient.newHttpClient()
                    .sendAsync(
                            HttpRequest.newBuilder(server.url().resolve("later"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            AsyncContext waiting = WAITING.poll(10, TimeUnit.SECONDS);
            client.send("{\"name\":\"echo\",\"id\":1}").next("ack");
            assertThat(answer).isNotDone();
            waiting.getResponse().getWriter().write("answer");
            waiting.complete();
            assertThat(answer.get(10, TimeUnit.SECONDS).body()).isEqualTo("answer");
        }
    }

    @Test
    void anApplicationCanDoWithoutTheBuiltInEvents() throws Exception {
        System.setProperty("hubbub.builtin", "false");
        try (Standalone server = Standalone.start("127.0.0.1", 0, null, Set.of());
                EventClient client = EventClient.connect(server.eventsUrl())) {
            for (String name : List.of("join", "message", "broadcast", "history", "leave", "echo", "ping")) {
                client.send("{\"name\":\"" + name + "\",\"id\":1,\"data\":{\"room\":\"lobby\"}}");
                client.error("unknown-event");
            }
        } finally {
            System.clearProperty("hubbub.builtin");
        }
    }

    /** Responds with the body of the request. */
    public static final class Mirror extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
            Body.read(request, 1000, body -> answer -> {
                answer.setContentLength(body.length);
                answer.getOutputStream().write(body);
            });
        }
    }

    /** Responds with whether the request had been finished before the response. */
    public static final class Ended extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
            AtomicBoolean ended = new AtomicBoolean();
            Body.read(
                    request,
                    1000,
                    body -> answer -> answer.getOutputStream().print(ended.toString()),
                    () -> ended.set(true));
        }
    }

    /** Otherwise the client could send its next request before the server has finished this one. */
    @Test
    void aRequestIsFinishedBeforeItsResponse() throws Exception {
        try (Standalone server = Standalone.start("127.0.0.1", 0, null, Set.of(), context -> {
            ServletRegistration.Dynamic ended = context.addServlet("ended", Ended.class);
            ended.addMapping("/ended");
            ended.setAsyncSupported(true);
        })) {
            HttpRequest post = HttpRequest.newBuilder(server.url().resolve("ended"))
                    .POST(HttpRequest.BodyPublishers.ofString("x"))
                    .build();
            assertThat(HttpClient.newHttpClient()
                            .send(post, HttpResponse.BodyHandlers.ofString())
                            .body())
                    .isEqualTo("true");
        }
    }

    @Test
    void aBodyInManyPartsIsReadCompletely() throws Exception {
        try (Standalone server = Standalone.start("127.0.0.1", 0, null, Set.of(), context -> {
                    ServletRegistration.Dynamic mirror = context.addServlet("mirror", Mirror.class);
                    mirror.addMapping("/mirror");
                    mirror.setAsyncSupported(true);
                });
                Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            for (int n = 0; n < 2_000; n++) {
                String text = "This is number " + n;
                out.write(("POST /mirror HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + text.length() + "\r\n\r\n")
                        .getBytes(US_ASCII));
                for (char part : text.toCharArray()) {
                    out.write(part);
                }
                assertThat(in.readLine()).isEqualTo("HTTP/1.1 200 OK");
                while (!in.readLine().isEmpty()) { // the other headers
                }
                char[] answer = new char[text.length()];
                for (int length = 0; length < answer.length; ) {
                    length += in.read(answer, length, answer.length - length);
                }
                assertThat(new String(answer)).isEqualTo(text);
            }
        }
    }

    private static final CountDownLatch RELEASED = new CountDownLatch(1);
    private static final AtomicInteger BLOCKED = new AtomicInteger();

    @EventHandlers
    public static class Slow {
        @OnEvent("block")
        int block(int n) throws InterruptedException {
            BLOCKED.incrementAndGet();
            RELEASED.await(20, TimeUnit.SECONDS);
            return n;
        }
    }

    @Test
    void blockingHandlersDelayOnlyTheirOwnClients() throws Exception {
        System.setProperty("hubbub.slow-handler", "200");
        try (RecordedLog log = new RecordedLog(Level.WARNING);
                Standalone server = Standalone.start("127.0.0.1", 0, null, Set.of(Slow.class));
                EventClient other = EventClient.connect(server.eventsUrl())) {
            List<EventClient> slow = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                slow.add(EventClient.connect(server.eventsUrl()));
            }
            slow.forEach(client -> client.send("{\"name\":\"block\",\"data\":1,\"id\":1}")
                    .send("{\"name\":\"echo\",\"data\":2,\"id\":2}"));
            await().until(() -> BLOCKED.get() == 100);
            other.send("{\"name\":\"echo\",\"data\":3,\"id\":3}").next("ack");
            assertThat(slow).allSatisfy(client -> assertThat(client.events).hasSize(1));

            EventClient flooder = slow.get(0);
            for (int i = 0; i < 300; i++) {
                flooder.send("{\"name\":\"echo\",\"id\":" + i + "}");
            }
            flooder.error("overloaded");
            await().untilAsserted(() -> assertThat(log.messages)
                    .anyMatch(message -> message.contains("Slow.block has been running for")
                            && message.contains("other calls of it also")));

            RELEASED.countDown();
            for (EventClient client : slow.subList(1, 100)) {
                assertThat(client.next("ack").data().json()).isEqualTo("1");
                assertThat(client.next("ack").data().json()).isEqualTo("2");
                client.close();
            }
        } finally {
            System.clearProperty("hubbub.slow-handler");
        }
    }
}
