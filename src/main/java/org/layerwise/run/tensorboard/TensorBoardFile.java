package org.layerwise.run.tensorboard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.FileErrors;

/**
 * File {@code events.out.tfevents.SECONDS.layerwise}, to which events are appended. Each event is a record of
 * TensorFlow's TFRecord format: the length in 8 bytes, its masked CRC32C in 4 bytes, the event, and the masked CRC32C
 * of the event.
 */
public final class TensorBoardFile implements AutoCloseable {

    private static final String PREFIX = "events.out.tfevents.";
    private static final String OWN = ".layerwise";
    private static final int HEAD = Long.BYTES + Integer.BYTES;
    private static final int MASK = 0xa282ead8;

    private final Path file;
    private final FileChannel channel;

    private TensorBoardFile(Path file) throws IOException {
        this.file = file;
        this.channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /**
     * Creates a file that replaces all other files of this program in the folder. Creates the folder if necessary.
     *
     * @param seconds time in seconds since 1970, for the file's name; a running TensorBoard continues with the later
     *     name
     * @param earlier first events of the file
     * @throws UserException if the file cannot be written
     */
    public static TensorBoardFile inPlaceOfOthers(Path folder, long seconds, List<TensorBoardEvent> earlier) {
        try {
            Files.createDirectories(folder);
            List<Path> others = all(folder);
            long unused = seconds;
            while (Files.exists(folder.resolve(name(unused)))) {
                unused++;
            }
            Path file = folder.resolve(name(unused));
            AtomicFiles.write(file, beside -> {
                try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
                    write(channel, TensorBoardEvent.version(seconds));
                    write(channel, TensorBoardEvent.start(seconds));
                    for (TensorBoardEvent event : earlier) {
                        write(channel, event);
                    }
                }
            });
            for (Path other : others) {
                Files.delete(other);
            }
            return new TensorBoardFile(file);
        } catch (IOException e) {
            throw new UserException("Cannot write into %s: %s.".formatted(folder, FileErrors.reason(e)), e);
        }
    }

    /**
     * Deletes the files of this program in a folder. Does nothing if there is no such folder.
     *
     * @throws UserException if a file cannot be deleted
     */
    public static void deleteAll(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try {
            for (Path file : all(folder)) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UserException("Cannot write into %s: %s.".formatted(folder, FileErrors.reason(e)), e);
        }
    }

    private static String name(long seconds) {
        return PREFIX + seconds + OWN;
    }

    /** Returns true if a file with this name was written by this program. */
    private static boolean isOwn(String name) {
        return name.startsWith(PREFIX) && name.endsWith(OWN);
    }

    private static List<Path> all(Path folder) throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.filter(path -> isOwn(path.getFileName().toString()))
                    .sorted()
                    .toList();
        }
    }

    /**
     * Returns the time at which each step was first written, in seconds since 1970, from the files of a folder. An
     * incomplete record ends its file.
     *
     * @return times by step; empty if there is no such folder
     * @throws UserException if a file cannot be read
     */
    public static Map<Long, Double> times(Path folder) {
        Map<Long, Double> times = new HashMap<>();
        if (!Files.isDirectory(folder)) {
            return times;
        }
        try {
            for (Path file : all(folder)) {
                addTimes(ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN), times);
            }
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(folder, FileErrors.reason(e)), e);
        }
        return times;
    }

    // each event of this program begins with its time, followed by its step unless the step is 0
    private static void addTimes(ByteBuffer bytes, Map<Long, Double> times) {
        while (bytes.remaining() >= HEAD) {
            long length = bytes.getLong();
            bytes.getInt();
            if (length < 1 + Double.BYTES || length + Integer.BYTES > bytes.remaining()) {
                return;
            }
            int next = bytes.position() + (int) length + Integer.BYTES;
            if (bytes.get() == (1 << 3 | 1)) {
                double time = bytes.getDouble();
                long step = bytes.get() == 2 << 3 ? varint(bytes) : 0;
                times.putIfAbsent(step, time);
            }
            bytes.position(next);
        }
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE && bytes.hasRemaining(); shift += 7) {
            byte part = bytes.get();
            value |= (long) (part & 0x7F) << shift;
            if (part >= 0) {
                break;
            }
        }
        return value;
    }

    /**
     * Appends an event.
     *
     * @throws UserException if the event cannot be written
     */
    public void add(TensorBoardEvent event) {
        try {
            write(channel, event);
        } catch (IOException e) {
            throw new UserException("Cannot write %s: %s.".formatted(file, FileErrors.reason(e)), e);
        }
    }

    private static void write(FileChannel channel, TensorBoardEvent event) throws IOException {
        byte[] data = event.toBytes();
        ByteBuffer record =
                ByteBuffer.allocate(HEAD + data.length + Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(data.length);
        record.putInt(maskedCrc(record.array(), Long.BYTES));
        record.put(data);
        record.putInt(maskedCrc(data, data.length));
        record.flip();
        while (record.hasRemaining()) {
            channel.write(record);
        }
    }

    private static int maskedCrc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
