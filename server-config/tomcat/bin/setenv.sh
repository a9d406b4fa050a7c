# For many WebSockets that are mostly silent. Copy it to $CATALINA_BASE/bin. Measured with 5,000 joined connections.

# Tomcat keeps four buffers of this size for each WebSocket, by default 8192 bytes each. Longer messages still work: Tomcat reads
# and writes them in more parts.
CATALINA_OPTS="$CATALINA_OPTS -Dorg.apache.tomcat.websocket.DEFAULT_BUFFER_SIZE=1024"

# Sets a young generation that does not grow with the traffic, and a heap for the connections, about 21 KB each.
CATALINA_OPTS="$CATALINA_OPTS -XX:+UseSerialGC -Xmn24m -Xmx512m"

# Settings of Hubbub, for example:
# CATALINA_OPTS="$CATALINA_OPTS -Dhubbub.trusted-proxies=127.0.0.1"
