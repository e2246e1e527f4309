package org.layerwise.checkpoint.hub;

import java.time.Duration;

/**
 * Time limits and numbers of attempts for requests to servers.
 *
 * @param connect time limit for a connection
 * @param silence time limit for a response, or for more bytes of its body
 * @param window waiting time in which at least {@code leastBytes} of a body must come
 * @param leastBytes the fewest bytes in a window, and the fewest by which an attempt counts as progress
 * @param firstWait wait before the second attempt; each further wait is twice as long
 * @param longestWait the longest wait between attempts, even if a server asks for more
 * @param attempts number of consecutive failures after which an operation fails
 */
public record Timeouts(
        Duration connect,
        Duration silence,
        Duration window,
        int leastBytes,
        Duration firstWait,
        Duration longestWait,
        int attempts) {

    /** Returns the default limits, with at least 1 KiB per second over a minute. */
    public static Timeouts usual() {
        return new Timeouts(
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofMinutes(1),
                60 << 10,
                Duration.ofSeconds(1),
                Duration.ofMinutes(2),
                6);
    }
}
