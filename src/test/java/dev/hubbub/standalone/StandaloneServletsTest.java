package dev.hubbub.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.client.EventClient;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** WebSocket, asynchronous servlets and the page share one port. */
class StandaloneServletsTest {
    private static final BlockingQueue<AsyncContext> WAITING = new LinkedBlockingQueue<>();

    public static final class Later extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) {
            WAITING.add(request.startAsync());
        }
    }

    @Test
    void aServletCanAnswerLaterFromAnotherThread() throws Exception {
        try (Standalone server = Standalone.start("127.0.0.1", 0, Set.of(), context -> {
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
            waiting.getResponse().getWriter().write("at last");
            waiting.complete();
            assertThat(answer.get(10, TimeUnit.SECONDS).body()).isEqualTo("at last");
        }
    }
}
