package org.layerwise.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.plugins.jpeg.JPEGImageWriteParam;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.layerwise.base.UserException;

@Timeout(60)
class JpegScansTest {

    private static final int SIDE = 3000;

    @Test
    void aFewScansAreDecoded() throws IOException {
        byte[] file = progressive(50);

        assertThat(ImageDecoder.decode(repeated(file, 50), "It").width()).isEqualTo(50);
    }

    @Test
    void thousandsOfScansAreRefused() throws IOException {
        assertRefused(repeated(progressive(SIDE), 2000));
    }

    @Test
    void fiftyScansOfAHundredMillionPixelsAreRefused() throws IOException {
        byte[] file = repeated(progressive(100), 50);
        int frame = 0;
        while (file[frame] != (byte) 0xFF || file[frame + 1] != (byte) 0xC2) {
            frame++;
        }
        ByteBuffer.wrap(file).putShort(frame + 5, (short) 10_000).putShort(frame + 7, (short) 10_000);

        assertThatThrownBy(() -> ImageDecoder.decode(file, "It"))
                .isInstanceOf(UserException.class)
                .hasMessage("It is a JPEG of more than 35 scans, which would take too long to read; save it again.");
    }

    @Test
    void thousandsOfScansInATiffAreRefused() throws IOException {
        assertRefused(tiff(repeated(progressive(SIDE), 2000)));
    }

    @Test
    void aFewScansInATiffAreDecoded() throws IOException {
        assertThat(ImageDecoder.decode(tiff(progressive(SIDE)), "It").width()).isEqualTo(SIDE);
    }

    private static void assertRefused(byte[] file) {
        assertThatThrownBy(() -> ImageDecoder.decode(file, "Image a.jpg"))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Image a.jpg is a JPEG of more than 100 scans, which would take too long to read; save it again.");
    }

    private static byte[] progressive(int side) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            ImageWriteParam settings = new JPEGImageWriteParam(Locale.ROOT);
            settings.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
            writer.write(
                    null,
                    new IIOImage(new BufferedImage(side, side, BufferedImage.TYPE_BYTE_GRAY), null, null),
                    settings);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /** Repeats the last scan, which refines the picture and may come any number of times for a decoder. */
    private static byte[] repeated(byte[] file, int times) {
        int last = file.length - 2;
        while (file[last] != (byte) 0xFF || file[last + 1] != (byte) 0xDA) {
            last--;
        }
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        result.write(file, 0, last);
        for (int i = 0; i < times; i++) {
            result.write(file, last, file.length - 2 - last);
        }
        result.write(file, file.length - 2, 2);
        return result.toByteArray();
    }

    /** Returns a TIFF with one strip, a grey JPEG. */
    private static byte[] tiff(byte[] jpeg) {
        int[][] fields = {
            {256, SIDE},
            {257, SIDE},
            {258, 8},
            {259, 7},
            {262, 1},
            {273, 200},
            {277, 1},
            {278, SIDE},
            {279, jpeg.length}
        };
        ByteBuffer file = ByteBuffer.allocate(200 + jpeg.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8).putShort((short) fields.length);
        for (int[] field : fields) {
            int type = field[0] >= 273 && field[0] != 277 ? 4 : 3; // strips take four bytes
            file.putShort((short) field[0]).putShort((short) type).putInt(1).putInt(field[1]);
        }
        return file.position(200).put(jpeg).array();
    }
}
