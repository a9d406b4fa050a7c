/**
 * Makes Hubbub available by JMX: attributes and operations for operators, in the console of their container or in jconsole. The
 * servers register the MBean; nothing else depends on this package.
 */
package dev.hubbub.management;
