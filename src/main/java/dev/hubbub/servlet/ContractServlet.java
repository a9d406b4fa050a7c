package dev.hubbub.servlet;

import dev.hubbub.app.Hubbub;
import dev.hubbub.contract.AsyncApi;
import dev.hubbub.contract.Contract;
import dev.hubbub.contract.TypeScript;
import dev.hubbub.http.Exposed;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * {@code GET /asyncapi.json} and {@code GET /hubbub-events.d.ts}: the events of the application. The setting {@code
 * hubbub.contract} says who may see them.
 */
public final class ContractServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private static final String ASYNCAPI = "/asyncapi.json";

    static final String[] PATHS = {ASYNCAPI, "/hubbub-events.d.ts"};

    /** Both files, which never change while the application runs. */
    private record Files(byte[] asyncApi, byte[] typeScript) {
        static Files of(Hubbub hubbub) {
            Contract contract =
                    Contract.of(hubbub.application(), hubbub.settings().builtIn());
            return new Files(
                    AsyncApi.write(contract).getBytes(StandardCharsets.UTF_8),
                    TypeScript.write(contract).getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Hubbub hubbub = Hubbub.current();
        if (!Exposed.isShown(hubbub.settings().contract(), request, response)) {
            return;
        }
        Files files = hubbub.transportState(Files.class, Files::of);
        boolean asyncApi = request.getServletPath().equals(ASYNCAPI);
        byte[] body = asyncApi ? files.asyncApi() : files.typeScript();
        response.setContentType(asyncApi ? "application/json" : "text/plain;charset=UTF-8");
        response.setHeader("Cache-Control", "no-cache");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
