package org.layerwise.checkpoint.hub;

import java.time.Duration;

/**
 * How long to wait for servers.
 *
 * @param connect for a connection
 * @param silence for an answer, or for more bytes of it
 * @param firstWait before the second attempt; each further wait is twice as long
 * @param longestWait the longest wait between attempts, also if a server asks for more
 * @param attempts failures in a row after which it is given up
 */
record Patience(Duration connect, Duration silence, Duration firstWait, Duration longestWait, int attempts) {

    static Patience usual() {
        return new Patience(
                Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(1), Duration.ofMinutes(2), 6);
    }
}
