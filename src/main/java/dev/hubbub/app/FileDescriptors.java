package dev.hubbub.app;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Counts the file descriptors of this process; each connection needs one. It reads the attributes of the JDK's MBean by name, because
 * the class {@code com.sun.management.UnixOperatingSystemMXBean} is not visible to applications on every server.
 */
final class FileDescriptors {
    private static final String BEAN = "java.lang:type=OperatingSystem";

    private FileDescriptors() {}

    /** The most that the process may have; negative where there is no such limit, as on Windows. */
    static long limit() {
        return attribute("MaxFileDescriptorCount");
    }

    /** How many the process has. To count them, the JDK needs one more: if it fails, there is none left. */
    static long open() {
        long open = attribute("OpenFileDescriptorCount");
        return open < 0 ? limit() : open;
    }

    private static long attribute(String name) {
        try {
            Object value = ManagementFactory.getPlatformMBeanServer().getAttribute(new ObjectName(BEAN), name);
            return ((Number) value).longValue();
        } catch (JMException | RuntimeException | InternalError unknown) {
            return -1;
        }
    }
}
