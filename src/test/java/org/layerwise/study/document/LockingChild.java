package org.layerwise.study.document;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/** Locks a file, says so, and waits to be killed. */
final class LockingChild {

    private LockingChild() {}

    public static void main(String[] args) throws Exception {
        try (FileChannel channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE)) {
            channel.lock();
            System.out.println("locked");
            TimeUnit.MINUTES.sleep(1);
        }
    }
}
