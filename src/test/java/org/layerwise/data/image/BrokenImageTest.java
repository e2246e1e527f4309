package org.layerwise.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.UserException;
import org.layerwise.testing.Golden;

class BrokenImageTest {

    private static final Path FOLDER = Golden.folder("images");

    @ParameterizedTest
    @ValueSource(strings = {"rgb.png", "rgb.jpg", "palette.gif", "rgb.bmp", "rgb.tif", "cmyk.jpg"})
    void cutOff(String name) throws IOException {
        byte[] file = Files.readAllBytes(FOLDER.resolve(name));

        for (int length : new int[] {file.length * 4 / 5, file.length / 2, 20}) {
            assertThatThrownBy(() -> ImageDecoder.decode(Arrays.copyOf(file, length), "Image a.img of row 3"))
                    .as("%d of %d bytes", length, file.length)
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith("Image a.img of row 3 ")
                    .hasMessageNotContaining("\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rgb.png", "rgb.jpg", "palette.gif", "rgb.bmp", "rgb.tif", "cmyk.jpg", "turned_6.jpg"})
    void damagedFilesGiveAPictureOrASentence(String name) throws IOException {
        byte[] file = Files.readAllBytes(FOLDER.resolve(name));
        Random random = new Random(3);
        for (int i = 0; i < 200; i++) {
            byte[] damaged = file.clone();
            for (int j = 0; j < 3; j++) {
                damaged[2 + random.nextInt(damaged.length - 2)] = (byte) random.nextInt();
            }
            try {
                assertThat(ImageDecoder.decode(damaged, "It").rgb()).isNotEmpty();
            } catch (UserException e) {
                assertThat(e.getMessage()).startsWith("It ").doesNotContain("\n");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"palette_alpha.tif", "packed_cmyk.tif", "packed_rgba.tif"})
    void tiffsOfOtherColoursForTheReader(String name) throws IOException {
        byte[] file = Files.readAllBytes(FOLDER.resolve(name));

        assertThatThrownBy(() -> ImageDecoder.decode(file, "It"))
                .isInstanceOf(UserException.class)
                .hasMessage("It is a TIFF that holds its colours in a way that cannot be read; save it as PNG.");
    }

    /** CIELAB; inks, and planes, of 16 bits; signed numbers; bytes that are packed, then turned. Pillow reads the first row alone. */
    @ParameterizedTest
    @CsvSource({
        "2, 3,  8, 1, 1, 1,     1, true",
        "8, 3,  8, 1, 1, 1,     1, false",
        "5, 4,  8, 1, 1, 1,     1, true",
        "5, 4, 16, 1, 1, 1,     1, false",
        "2, 3, 16, 1, 1, 1,     1, true",
        "2, 3, 16, 1, 1, 2,     1, false",
        "2, 3,  8, 1, 2, 1,     1, false",
        "1, 1,  8, 2, 1, 1,     1, true",
        "1, 1,  8, 2, 1, 1, 32773, false"
    })
    void tiffsThatProgramsReadDifferently(
            int colours, int samples, int bits, int order, int format, int planes, int compression, boolean readable) {
        byte[] file = tiff(colours, samples, bits, order, format, planes, compression);

        if (readable) {
            assertThat(ImageDecoder.decode(file, "It").width()).isEqualTo(2);
        } else {
            assertThatThrownBy(() -> ImageDecoder.decode(file, "It"))
                    .isInstanceOf(UserException.class)
                    .hasMessage("It is a TIFF that holds its colours in a way that cannot be read; save it as PNG.");
        }
    }

    /** One row of two pixels, all of whose numbers are 0. */
    /** The JDK's reader skips fields of 32 bits (type 4) where TIFF has 16. */
    @ParameterizedTest
    @CsvSource({"256, 4, true", "259, 4, true", "258, 4, false", "277, 4, false"})
    void tiffsWithFieldsThatTheReaderSkips(int tag, int type, boolean readable) {
        byte[] file = tiff(2, 3, 8, 1, 1, 1, 1);
        for (TiffEntry entry : TiffEntry.of(file)) {
            if (entry.tag() == tag) {
                file[entry.position() + 2] = (byte) type;
            }
        }
        if (readable) {
            assertThat(ImageDecoder.decode(file, "It").width()).isEqualTo(2);
        } else {
            refused(file, "holds its colours in a way that cannot be read");
        }
    }

    private static byte[] tiff(int colours, int samples, int bits, int order, int format, int planes, int compression) {
        int strips = planes == 2 ? samples : 1;
        int size = 2 * samples * bits / Byte.SIZE / strips;
        SortedMap<Integer, List<Integer>> fields = new TreeMap<>(Map.of(
                256, List.of(2),
                257, List.of(1),
                258, Collections.nCopies(samples, bits),
                259, List.of(compression),
                262, List.of(colours),
                266, List.of(order),
                273, Collections.nCopies(strips, 500),
                277, List.of(samples),
                279, Collections.nCopies(strips, size),
                284, List.of(planes)));
        fields.put(339, Collections.nCopies(samples, format));
        ByteBuffer file = ByteBuffer.allocate(600).order(ByteOrder.LITTLE_ENDIAN);
        file.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8).putShort((short) fields.size());
        ByteBuffer rest = file.duplicate().order(ByteOrder.LITTLE_ENDIAN).position(300);
        fields.forEach((tag, values) -> {
            file.putShort(tag.shortValue()).putShort((short) 3).putInt(values.size());
            file.putInt(values.size() == 1 ? values.get(0) : rest.position());
            if (values.size() > 1) {
                values.forEach(value -> rest.putShort(value.shortValue()));
            }
        });
        return file.array();
    }

    @Test
    void damagedPixelsOfPng() throws IOException {
        byte[] file = Files.readAllBytes(FOLDER.resolve("rgb.png"));
        file[file.length / 2] ^= 1;

        refused(file, "broken PNG: it is cut off or a checksum is wrong");
    }

    @Test
    void decompressionBomb() throws IOException {
        byte[] file = Files.readAllBytes(FOLDER.resolve("rgb.png"));
        ByteBuffer header = ByteBuffer.wrap(file);
        header.putInt(16, 20_000).putInt(20, 20_000);
        CRC32 sum = new CRC32();
        sum.update(file, 12, 17);
        header.putInt(29, (int) sum.getValue());

        refused(file, "20000 x 20000 pixels, more than the 178 million that are read");
    }

    @Test
    void sixteenBitsOfGrey() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(4, 4, BufferedImage.TYPE_USHORT_GRAY), "png", bytes);

        refused(bytes.toByteArray(), "16 bits a pixel and channel; save it with 8");
    }

    @Test
    void otherKinds() {
        refused(new byte[0], "It is empty");
        refused("<html><body>404</body></html>".getBytes(StandardCharsets.UTF_8), "text (\"<html><body>…\")");
        refused(
                "RIFF____WEBPVP8 ".getBytes(StandardCharsets.UTF_8),
                "It is WebP, which cannot be read; save it as PNG");
        refused("\0\0\0\34ftypheic".getBytes(StandardCharsets.UTF_8), "HEIC or AVIF");
        refused(new byte[] {1, 2, 3, 4, 5}, "unknown kind (it begins with the bytes 01 02 03 04)");
    }

    private static void refused(byte[] file, String part) {
        assertThatThrownBy(() -> ImageDecoder.decode(file, "It"))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("It ")
                .hasMessageContaining(part);
    }
}
