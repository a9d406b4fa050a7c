/** What operators see and do by JMX, in the console of their container or in jconsole. */
package dev.hubbub.management;
