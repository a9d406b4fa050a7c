/**
 * Authenticates clients: verifies JSON Web Tokens, and issues and redeems tickets. It knows neither transports nor the hub; the
 * admission of connections and the settings use it.
 */
package dev.hubbub.identity;
