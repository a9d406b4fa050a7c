package dev.hubbub.app;

import java.util.ArrayList;
import java.util.List;

/** Parses the header {@code Forwarded} (RFC 7239, section 4): {@code for=192.0.2.60;proto=http, for="[2001:db8::1]:4711"}. */
final class ForwardedHeader {
    private final String line;
    private int at;

    private ForwardedHeader(String line) {
        this.line = line;
    }

    /**
     * The values of the parameter {@code for}, one for each proxy in the order in which they have passed the request on. A proxy
     * that does not tell it, tells it twice or writes something else has the value "".
     */
    static List<String> clients(String line) {
        List<String> clients = new ArrayList<>();
        ForwardedHeader header = new ForwardedHeader(line);
        do {
            clients.add(header.client());
        } while (header.skip(','));
        return clients;
    }

    /** Reads one element, up to the comma behind it. */
    private String client() {
        String client = null;
        boolean valid = true;
        do {
            skipBlanks();
            String name = token();
            if (name.isEmpty()) {
                continue; // a pair may be empty
            }
            String value = skip('=') ? value() : null;
            valid &= value != null;
            if (name.equalsIgnoreCase("for")) {
                valid &= client == null;
                client = value;
            }
            skipBlanks();
        } while (skip(';'));
        while (at < line.length() && line.charAt(at) != ',') {
            valid = false;
            if (line.charAt(at) == '"') {
                quoted();
            } else {
                at++;
            }
        }
        return valid && client != null ? client : "";
    }

    private String value() {
        return at < line.length() && line.charAt(at) == '"' ? quoted() : token();
    }

    /** Reads a quoted string (RFC 9110, section 5.6.4); null if its end is missing. */
    private String quoted() {
        StringBuilder value = new StringBuilder();
        for (at++; at < line.length(); at++) {
            char c = line.charAt(at);
            if (c == '"') {
                at++;
                return value.toString();
            }
            if (c == '\\' && at + 1 < line.length()) {
                at++;
            }
            value.append(line.charAt(at));
        }
        return null;
    }

    /**
     * Reads a token (RFC 9110, section 5.6.2). Colons and brackets belong into quotes, but proxies write addresses without them.
     */
    private String token() {
        int start = at;
        while (at < line.length() && " \t,;=\"".indexOf(line.charAt(at)) < 0) {
            at++;
        }
        return line.substring(start, at);
    }

    private void skipBlanks() {
        while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
            at++;
        }
    }

    private boolean skip(char expected) {
        boolean found = at < line.length() && line.charAt(at) == expected;
        at += found ? 1 : 0;
        return found;
    }
}
