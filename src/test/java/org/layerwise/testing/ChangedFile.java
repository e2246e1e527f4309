package org.layerwise.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.layerwise.base.Progress;

/** Changes files as other programs might while they are in use. */
public final class ChangedFile {

    private ChangedFile() {}

    /** Writes zeros over the second half; the file keeps its size. */
    public static void overwriteEnd(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            long half = channel.size() / 2;
            ByteBuffer zeros = ByteBuffer.allocate((int) (channel.size() - half));
            while (zeros.hasRemaining()) {
                channel.write(zeros, half + zeros.position());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Does {@link #overwriteEnd} whenever work reports that it is beyond a fraction. */
    public static Progress overwritesEnd(Path file, double beyond) {
        return new Progress() {
            @Override
            public void report(double fraction, String message) {
                if (fraction > beyond) {
                    overwriteEnd(file);
                }
            }

            @Override
            public boolean cancelled() {
                return false;
            }
        };
    }

    /** Leaves the first 100 bytes. */
    public static void cutOff(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(100);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
