package org.layerwise.data.file;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;

/** DuckDB's reader goes down nested columns until its stack ends, at some 2,000 levels, and the process with it. */
class ParquetColumnsCheckTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "1000, is empty",
        "1001, nests columns more than 1000 levels deep",
        "20000, nests columns more than 1000"
    })
    void columnsThatAreNestedTooDeepAreRefused(int groups, String sentence) throws IOException {
        Path file = Files.write(folder.resolve("deep.parquet"), nested(groups));

        assertThatThrownBy(() -> new DatasetReader().read(DataSource.of(file.toString()), Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(sentence);
    }

    /** DuckDB keeps the lowest bits of a number alone, and so sees columns where others see none. */
    @ParameterizedTest
    @CsvSource({
        "150219fc, 150209848008fc", // the list of columns is field 65,538 of the footer
        "61150200, 61058a80080200", // the children are field 65,541 of a column
        "fca39c01, fca39c8180808080808001", // 2^63 columns more
    })
    void columnsThatOtherReadersDoNotSeeAreRefused(String bytes, String instead) throws IOException {
        HexFormat hex = HexFormat.of();
        byte[] whole = nested(20_000);
        byte[] footer = hex.parseHex(hex.formatHex(whole, 4, whole.length - 8).replace(bytes, instead));
        Path file = Files.write(folder.resolve("hidden.parquet"), file(footer));

        assertThatThrownBy(() -> new DatasetReader().read(DataSource.of(file.toString()), Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("hidden.parquet is damaged");
    }

    @Test
    void aBrokenDescriptionOfColumnsIsRefused() throws IOException {
        byte[] bytes = nested(3);
        bytes[4] = (byte) 0xff;
        Path file = Files.write(folder.resolve("broken.parquet"), bytes);

        assertThatThrownBy(() -> new DatasetReader().read(DataSource.of(file.toString()), Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("broken.parquet is damaged");
    }

    /** DuckDB would list 100,000 columns for more than a minute. */
    @ParameterizedTest
    @CsvSource({"20000, is empty", "20001, 'has more than 20000 columns, the most that are read;'"})
    void veryManyColumnsAreRefused(int columns, String sentence) throws IOException {
        Path file = Files.write(folder.resolve("wide.parquet"), wide(columns));

        assertThatThrownBy(() -> new DatasetReader().read(DataSource.of(file.toString()), Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(sentence);
    }

    /** A file without rows: a column of text, and so many in all. */
    private static byte[] wide(int columns) throws IOException {
        ByteArrayOutputStream footer = new ByteArrayOutputStream();
        footer.write(new byte[] {0x15, 2, 0x19, (byte) 0xfc}); // version 1, a long list of structs
        varint(footer, columns + 1);
        footer.write(new byte[] {0x48, 1, 'r', 0x15}); // name, children
        varint(footer, 2 * columns);
        footer.write(0);
        footer.write(new byte[] {0x15, 12, 0x25, 2, 0x18, 4});
        footer.write("text".getBytes(StandardCharsets.US_ASCII));
        footer.write(new byte[] {0x25, 0, 0}); // bytes, optional, UTF-8
        for (int column = 1; column < columns; column++) {
            String name = String.format(Locale.ROOT, "c%05d", column);
            footer.write(new byte[] {0x15, 2, 0x25, 2, 0x18, (byte) name.length()}); // int32, optional, name
            footer.write(name.getBytes(StandardCharsets.US_ASCII));
            footer.write(0);
        }
        footer.write(new byte[] {0x16, 0, 0x19, 0x0c, 0}); // no rows, no row groups
        return file(footer.toByteArray());
    }

    private static void varint(ByteArrayOutputStream out, int value) {
        for (int left = value; ; left >>>= 7) {
            out.write(left < 0x80 ? left : left & 0x7f | 0x80);
            if (left < 0x80) {
                return;
            }
        }
    }

    /** A file without rows: a column of text, and one of so many groups in each other. */
    private static byte[] nested(int groups) throws IOException {
        ByteArrayOutputStream footer = new ByteArrayOutputStream();
        footer.write(new byte[] {0x15, 2, 0x19, (byte) 0xfc}); // version 1, a long list of structs
        int columns = groups + 3;
        footer.write(
                new byte[] {(byte) (columns & 0x7f | 0x80), (byte) (columns >> 7 & 0x7f | 0x80), (byte) (columns >> 14)
                });
        footer.write(new byte[] {0x48, 1, 'r', 0x15, 4, 0}); // name, two children
        footer.write(new byte[] {0x15, 12, 0x25, 2, 0x18, 4});
        footer.write("text".getBytes(StandardCharsets.US_ASCII));
        footer.write(new byte[] {0x25, 0, 0}); // bytes, optional, UTF-8
        for (int i = 0; i < groups; i++) {
            footer.write(new byte[] {0x35, 2, 0x18, 1, 'a', 0x15, 2, 0}); // optional, name, one child
        }
        footer.write(new byte[] {0x15, 2, 0x25, 2, 0x18, 1, 'v', 0}); // int32, optional, name
        footer.write(new byte[] {0x16, 0, 0x19, 0x0c, 0}); // no rows, no row groups
        return file(footer.toByteArray());
    }

    private static byte[] file(byte[] footer) {
        return ByteBuffer.allocate(12 + footer.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("PAR1".getBytes(StandardCharsets.US_ASCII))
                .put(footer)
                .putInt(footer.length)
                .put("PAR1".getBytes(StandardCharsets.US_ASCII))
                .array();
    }
}
