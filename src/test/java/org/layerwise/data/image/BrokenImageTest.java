package org.layerwise.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
