package org.layerwise.checkpoint.hub;

import java.time.Duration;

/**
 * How long to wait for servers.
 *
 * @param connect for a connection
 * @param silence for an answer, or for more bytes of it
 * @param window of waiting in which at least {@code leastBytes} of an answer must come
 * @param leastBytes the fewest bytes in a window, and the fewest by which an attempt counts as progress
 * @param firstWait before the second attempt; each further wait is twice as long
 * @param longestWait the longest wait between attempts, also if a server asks for more
 * @param attempts failures in a row after which it is given up
 */
record Patience(
        Duration connect,
        Duration silence,
        Duration window,
        int leastBytes,
        Duration firstWait,
        Duration longestWait,
        int attempts) {

    /** At least 1 KiB a second over a minute. */
    static Patience usual() {
        return new Patience(
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofMinutes(1),
                60 << 10,
                Duration.ofSeconds(1),
                Duration.ofMinutes(2),
                6);
    }
}
