package dev.hubbub.management;

import java.lang.reflect.Method;
import java.util.Arrays;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.StandardMBean;

/** The MBean with descriptions and the names of parameters, which the JDK takes from nowhere. */
final class DescribedMBean extends StandardMBean {
    DescribedMBean(HubbubMXBean bean) {
        super(bean, HubbubMXBean.class, true);
    }

    @Override
    protected String getDescription(MBeanInfo info) {
        return "A running Hubbub";
    }

    @Override
    protected String getDescription(MBeanAttributeInfo info) {
        return description("get" + info.getName(), 0);
    }

    @Override
    protected String getDescription(MBeanOperationInfo info) {
        return description(info.getName(), info.getSignature().length);
    }

    @Override
    protected String getParameterName(MBeanOperationInfo operation, MBeanParameterInfo parameter, int index) {
        return method(operation.getName(), operation.getSignature().length)
                .getParameters()[index]
                .getName();
    }

    @Override
    protected int getImpact(MBeanOperationInfo operation) {
        return operation.getReturnType().equals("void") ? MBeanOperationInfo.ACTION : MBeanOperationInfo.ACTION_INFO;
    }

    private static String description(String name, int parameters) {
        return method(name, parameters).getAnnotation(Description.class).value();
    }

    private static Method method(String name, int parameters) {
        return Arrays.stream(HubbubMXBean.class.getMethods())
                .filter(method -> method.getName().equals(name) && method.getParameterCount() == parameters)
                .findFirst()
                .orElseThrow();
    }
}
