package dev.hubbub.standalone;

import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.FilterChainEvent;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.http.HttpEvents;
import org.glassfish.grizzly.http.HttpHeader;

/**
 * Ignores upgrades to protocols other than WebSocket, as a server may (RFC 9110, section 7.8). Java's HttpClient and others
 * offer HTTP/2 with their first request; Grizzly would treat the body of such a request as the other protocol and never find
 * its end.
 */
final class IgnoreOtherUpgrades extends BaseFilter {
    @Override
    public NextAction handleEvent(FilterChainContext context, FilterChainEvent event) {
        if (event instanceof HttpEvents.IncomingHttpUpgradeEvent upgrade) {
            HttpHeader header = upgrade.getHttpHeader();
            if (!header.getUpgradeDC().equalsIgnoreCase("websocket")) {
                header.setIgnoreContentModifiers(false);
                header.getUpgradeDC().recycle();
            }
        }
        return context.getInvokeAction();
    }
}
