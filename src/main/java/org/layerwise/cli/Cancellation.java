package org.layerwise.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * Whether the person asked the running command to stop. Ctrl+C (and a polite kill) ends the JVM through its shutdown
 * hooks: the hook of this class says so to the work and holds the end up until the work has put its files in order. The
 * exit code is then the JVM's own, 128 plus the signal's number.
 */
final class Cancellation {

    /** The last word of most commands. */
    static final String STOPPED = "stopped.";

    private static final long LONGEST_STEP_MINUTES = 10;

    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean requested;
    private volatile String farewell = "Stopping.";
    private volatile String lastWord = STOPPED;

    boolean requested() {
        return requested;
    }

    void request() {
        requested = true;
    }

    /** What the person is told when the work is asked to stop. */
    void farewell(String line) {
        farewell = line;
    }

    /** What the person is told when the work has stopped. */
    void lastWord(String line) {
        lastWord = line;
    }

    String lastWord() {
        return lastWord;
    }

    /** The command has returned: nothing is left to wait for. */
    void finished() {
        finished.countDown();
    }

    /** Ties this to the end of the process. */
    void onShutdown(Console console) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(console), "stop on signal"));
    }

    /**
     * The JVM takes a signal during its shutdown for done already, so the second Ctrl+C needs a handler of its own. By
     * reflection, since the compiler warns of every use of the only class that can set one.
     */
    private static void endAtOnceOnSecond() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler halt = (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                    Runtime.getRuntime().halt(ExitCode.CANCELLED);
                }
                return null;
            };
            signal.getMethod("handle", signal, handler)
                    .invoke(
                            null,
                            signal.getConstructor(String.class).newInstance("INT"),
                            Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, halt));
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            LoggerFactory.getLogger(Cancellation.class).warn("a second Ctrl+C will not be heard", e);
        }
    }

    private void stop(Console console) {
        if (finished.getCount() == 0) {
            return;
        }
        request();
        endAtOnceOnSecond();
        console.err().println();
        console.err().println(farewell);
        try {
            if (!finished.await(LONGEST_STEP_MINUTES, TimeUnit.MINUTES)) {
                LoggerFactory.getLogger(Cancellation.class).warn("work did not stop in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
