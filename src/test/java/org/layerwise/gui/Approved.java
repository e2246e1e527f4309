package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/**
 * Compares pictures of the window with those that were approved. Both are shrunk to a quarter first, so that another version
 * of a font library makes no difference, but a part that moved, vanished or changed its colour does. With
 * {@code -Dtest.jvm.args=-Dlayerwise.approve=true} the pictures of this run become the approved ones; look at them before they
 * are committed.
 */
final class Approved {

    private static final Path SOURCES = Path.of("src/test/resources/org/layerwise/gui/approved");
    private static final Path FAILED = Path.of("target", "approved");
    private static final int SHRINK = 4;

    /** A channel of a shrunk pixel may differ by so much. */
    private static final int TOLERANCE = 40;

    /** And such a part of the pixels by more. */
    private static final double OTHERS = 0.004;

    private Approved() {}

    /** @throws AssertionError if the picture differs from the approved one; both are then in {@code target/approved} */
    static void check(String name, BufferedImage picture) throws IOException {
        BufferedImage now = shrunk(picture);
        if (Boolean.getBoolean("layerwise.approve")) {
            Files.createDirectories(SOURCES);
            ImageIO.write(now, "png", SOURCES.resolve(name + ".png").toFile());
            return;
        }
        BufferedImage approved = read(name);
        assertThat(approved)
                .as("no picture %s was approved; run the test with -Dlayerwise.approve=true and look at it", name)
                .isNotNull();
        double others = others(now, approved);
        if (others > OTHERS) {
            Files.createDirectories(FAILED);
            ImageIO.write(picture, "png", FAILED.resolve(name + "-now.png").toFile());
            ImageIO.write(
                    approved, "png", FAILED.resolve(name + "-approved.png").toFile());
        }
        assertThat(others)
                .as("part of the picture %s that is not as approved, see %s", name, FAILED)
                .isLessThanOrEqualTo(OTHERS);
    }

    private static @Nullable BufferedImage read(String name) throws IOException {
        try (InputStream file = Approved.class.getResourceAsStream("approved/" + name + ".png")) {
            return file == null ? null : ImageIO.read(file);
        }
    }

    private static double others(BufferedImage one, BufferedImage other) {
        if (one.getWidth() != other.getWidth() || one.getHeight() != other.getHeight()) {
            return 1;
        }
        int differing = 0;
        for (int y = 0; y < one.getHeight(); y++) {
            for (int x = 0; x < one.getWidth(); x++) {
                differing += distance(one.getRGB(x, y), other.getRGB(x, y)) > TOLERANCE ? 1 : 0;
            }
        }
        return (double) differing / (one.getWidth() * one.getHeight());
    }

    private static int distance(int one, int other) {
        int most = 0;
        for (int shift = 0; shift <= 16; shift += 8) {
            most = Math.max(most, Math.abs((one >> shift & 0xff) - (other >> shift & 0xff)));
        }
        return most;
    }

    /** Each pixel the mean of a square. */
    static BufferedImage shrunk(BufferedImage picture) {
        int width = picture.getWidth() / SHRINK;
        int height = picture.getHeight() / SHRINK;
        BufferedImage opaque = new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D first = opaque.createGraphics();
        first.drawImage(picture, 0, 0, null);
        first.dispose();
        BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                small.setRGB(x, y, mean(opaque, x * SHRINK, y * SHRINK));
            }
        }
        return small;
    }

    private static int mean(BufferedImage picture, int left, int top) {
        int red = 0;
        int green = 0;
        int blue = 0;
        for (int y = top; y < top + SHRINK; y++) {
            for (int x = left; x < left + SHRINK; x++) {
                int colour = picture.getRGB(x, y);
                red += colour >> 16 & 0xff;
                green += colour >> 8 & 0xff;
                blue += colour & 0xff;
            }
        }
        int pixels = SHRINK * SHRINK;
        return red / pixels << 16 | green / pixels << 8 | blue / pixels;
    }

    /** Paints over what is never the same twice. */
    static BufferedImage without(BufferedImage picture, java.awt.Rectangle... parts) {
        Graphics2D pen = picture.createGraphics();
        pen.setColor(java.awt.Color.GRAY);
        for (java.awt.Rectangle part : parts) {
            pen.fill(part);
        }
        pen.dispose();
        return picture;
    }
}
