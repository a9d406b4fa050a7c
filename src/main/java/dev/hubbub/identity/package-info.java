/**
 * Who a client is: tokens that it shows and tickets that stand for them. It knows no transport and no hub; whoever lets clients
 * in asks it.
 */
package dev.hubbub.identity;
