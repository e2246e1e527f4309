package org.layerwise.base;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work that is started on a thread of its own ahead of its use, such as loading a library, beside other work. */
public final class EarlyStart {

    private static final Logger LOG = LoggerFactory.getLogger(EarlyStart.class);

    private EarlyStart() {}

    /**
     * Starts work. A failure is only logged: whoever needs the work tries again and reports what fails.
     *
     * @param name name of the thread, which also names the work in the log
     * @return thread of the work, which does not keep the process alive
     */
    public static Thread begin(String name, Runnable work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (UserException e) {
                        LOG.info("\"{}\" failed ahead of its use", name, e);
                    } catch (RuntimeException | Error e) {
                        LOG.warn("\"{}\" failed ahead of its use", name, e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
