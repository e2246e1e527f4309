package org.layerwise.gui;

import java.lang.management.ManagementFactory;
import javafx.animation.AnimationTimer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes into the log when the window was painted for the first time; {@code jlink/startup.sh} reads it there. */
final class StartupTime extends AnimationTimer {

    private static final Logger LOG = LoggerFactory.getLogger(StartupTime.class);

    /** The first pulse lays out and hands the picture to the painter, who is done before the second one ends. */
    private static final int PULSES = 3;

    private int pulses;

    @Override
    public void handle(long now) {
        pulses++;
        if (pulses == PULSES) {
            stop();
            // on another thread: the bean's classes take some time of their own
            long painted = System.currentTimeMillis();
            Thread writer = new Thread(() -> write(painted), "startup-time");
            writer.setDaemon(true);
            writer.start();
        }
    }

    private static void write(long painted) {
        long started = ManagementFactory.getRuntimeMXBean().getStartTime();
        LOG.info("Window painted at {} ms, {} ms after the start of Java", painted, painted - started);
    }
}
