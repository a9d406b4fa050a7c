package dev.hubbub.docs.recipes;

import dev.hubbub.EventHandlers;
import dev.hubbub.OnStart;
import dev.hubbub.management.HubbubMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Metrics;
import java.lang.management.ManagementFactory;
import javax.management.JMX;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

@EventHandlers
public class Meters {
    private static final String CONTEXT = "/"; // the context path, for example "/shop"
    private HubbubMXBean hubbub; // the registry refers to it weakly

    @OnStart
    void started() throws MalformedObjectNameException {
        hubbub = JMX.newMXBeanProxy(
                ManagementFactory.getPlatformMBeanServer(),
                new ObjectName("dev.hubbub:type=Hubbub,context=\"" + CONTEXT + "\""),
                HubbubMXBean.class);
        Gauge.builder("hubbub.clients", hubbub, HubbubMXBean::getClients).register(Metrics.globalRegistry);
        FunctionCounter.builder("hubbub.too.slow", hubbub, HubbubMXBean::getClosedAsTooSlow)
                .register(Metrics.globalRegistry);
    }
}
