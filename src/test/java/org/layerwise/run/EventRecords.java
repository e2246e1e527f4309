package org.layerwise.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** Reads event files by the published formats: TFRecord, and protocol buffers without a schema. */
final class EventRecords {

    /** A field of a message: a number, the bits of a float or a double, or bytes. */
    record Field(int number, long bits, byte[] bytes) {}

    /** A number with its tag. */
    record Scalar(long step, double wallTime, String tag, float value) {

        String place() {
            return tag + "@" + step;
        }
    }

    private EventRecords() {}

    /** The only event file of a folder. */
    static Path only(Path folder) throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            List<Path> files = found.toList();
            assertThat(files).hasSize(1);
            assertThat(files.get(0).getFileName().toString()).matches("events\\.out\\.tfevents\\.\\d+\\.layerwise");
            return files.get(0);
        }
    }

    /** All events of a file; every checksum is right. */
    static List<List<Field>> read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<List<Field>> events = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte[] length = new byte[8];
            bytes.get(length);
            assertThat(bytes.getInt()).isEqualTo(masked(length));
            byte[] data = new byte
                    [(int) ByteBuffer.wrap(length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong()];
            bytes.get(data);
            assertThat(bytes.getInt()).isEqualTo(masked(data));
            events.add(fields(data));
        }
        return events;
    }

    private static int masked(byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(data);
        long value = crc.getValue();
        return (int) (((value >>> 15 | value << 17) & 0xFFFFFFFFL) + 0xa282ead8L);
    }

    static List<Field> fields(byte[] message) {
        ByteBuffer bytes = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        List<Field> fields = new ArrayList<>();
        while (bytes.hasRemaining()) {
            long key = varint(bytes);
            int number = (int) (key >> 3);
            fields.add(
                    switch ((int) (key & 7)) {
                        case 0 -> new Field(number, varint(bytes), new byte[0]);
                        case 1 -> new Field(number, bytes.getLong(), new byte[0]);
                        case 2 -> {
                            byte[] value = new byte[(int) varint(bytes)];
                            bytes.get(value);
                            yield new Field(number, 0, value);
                        }
                        case 5 -> new Field(number, bytes.getInt(), new byte[0]);
                        default -> throw new IllegalArgumentException("wire type of " + key);
                    });
        }
        return fields;
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        int shift = 0;
        byte part;
        do {
            part = bytes.get();
            value |= (long) (part & 127) << shift;
            shift += 7;
        } while (part < 0);
        return value;
    }

    static Field only(List<Field> fields, int number) {
        List<Field> found =
                fields.stream().filter(field -> field.number() == number).toList();
        assertThat(found).as("field %d", number).hasSize(1);
        return found.get(0);
    }

    static String text(Field field) {
        return new String(field.bytes(), StandardCharsets.UTF_8);
    }

    /** All numbers of a file in order. */
    static List<Scalar> scalars(Path file) throws IOException {
        List<Scalar> scalars = new ArrayList<>();
        for (List<Field> event : read(file)) {
            double time = Double.longBitsToDouble(only(event, 1).bits());
            long step = event.stream()
                    .filter(field -> field.number() == 2)
                    .mapToLong(Field::bits)
                    .sum();
            for (Field summary : event.stream()
                    .filter(field -> field.number() == 5)
                    .flatMap(field -> fields(field.bytes()).stream())
                    .toList()) {
                List<Field> value = fields(summary.bytes());
                if (value.stream().anyMatch(field -> field.number() == 2)) {
                    scalars.add(new Scalar(step, time, text(only(value, 1)), Float.intBitsToFloat((int)
                            only(value, 2).bits())));
                }
            }
        }
        return scalars;
    }

    /** The values of a tag by step. */
    static TreeMap<Long, Float> of(String tag, List<Scalar> scalars) {
        TreeMap<Long, Float> values = new TreeMap<>();
        scalars.stream()
                .filter(scalar -> scalar.tag().equals(tag))
                .forEach(scalar -> values.put(scalar.step(), scalar.value()));
        return values;
    }
}
