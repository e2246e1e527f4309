package org.layerwise.cli.console;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * Request to stop the running command. Ctrl+C (or SIGTERM) ends the JVM through its shutdown hooks. The hook of this
 * class sets the request, and delays the end of the JVM until the work has finished writing its files. The exit code is
 * then that of the JVM, 128 plus the signal's number.
 */
public final class Cancellation {

    /** Final message of most commands after they were stopped. */
    static final String STOPPED = "stopped.";

    private static final long LONGEST_STEP_MINUTES = 10;

    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean requested;
    private volatile String farewell = "Stopping.";
    private volatile String lastWord = STOPPED;

    public boolean requested() {
        return requested;
    }

    public void request() {
        requested = true;
    }

    /** Sets the message that people see when the work is asked to stop. */
    public void stopMessage(String line) {
        farewell = line;
    }

    /** Sets the message that people see when the work has stopped. */
    public void cancelMessage(String line) {
        lastWord = line;
    }

    public String cancelMessage() {
        return lastWord;
    }

    /** Reports that the command has returned, so that the shutdown need not wait. */
    public void finished() {
        finished.countDown();
    }

    /** Registers a shutdown hook that requests the end of the work. */
    public void onShutdown(Console console) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(console), "stop on signal"));
    }

    /**
     * Installs a handler that ends the JVM at once on the second Ctrl+C. The JVM ignores further signals during its
     * shutdown. The class of the handler is used by reflection, since the compiler warns about every use of it.
     */
    private static void exitOnSecondSignal() {
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
        exitOnSecondSignal();
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
