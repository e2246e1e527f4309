package org.layerwise.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jfree.chart.JFreeChart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.UserException;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.ChartStyle;

class ChartExportTest {

    private static final ChartSize SIZE = new ChartSize(320, 270);

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"96, 320, 270, 3780", "300, 1000, 844, 11811", "600, 2000, 1688, 23622"})
    void hasTheSizeAndSaysTheResolution(double dpi, int width, int height, int pixelsPerMetre) throws IOException {
        Path file = folder.resolve("heatmap.png");
        ChartExport.png(heatmap(), SIZE, dpi, file);
        BufferedImage image = ImageIO.read(file.toFile());
        ByteBuffer density = chunk(file, "pHYs");

        assertThat(image.getWidth()).isEqualTo(width);
        assertThat(image.getHeight()).isEqualTo(height);
        assertThat(density.getInt()).isEqualTo(pixelsPerMetre);
        assertThat(density.getInt()).isEqualTo(pixelsPerMetre);
        assertThat(density.get()).as("unit: metre").isEqualTo((byte) 1);
    }

    @Test
    void theSameChartIsTheSameFile() throws IOException {
        Path first = folder.resolve("1.png");
        Path second = folder.resolve("2.png");
        JFreeChart chart = heatmap();
        ChartExport.png(chart, SIZE, 300, first);
        ChartExport.png(chart, SIZE, 300, second);
        assertThat(second).hasSameBinaryContentAs(first);
        ChartExport.png(heatmap(), SIZE, 300, second);
        assertThat(second).hasSameBinaryContentAs(first);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 10, 5000, Double.NaN})
    void refusesAResolutionThatMakesNoSense(double dpi) throws IOException {
        assertThatThrownBy(() -> ChartExport.png(heatmap(), SIZE, dpi, folder.resolve("x.png")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("dpi");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void refusesAPictureThatFitsNoMemory() {
        assertThatThrownBy(() -> ChartExport.png(heatmap(), new ChartSize(8000, 8000), 600, folder.resolve("x.png")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("too large");
        assertThatThrownBy(() -> new ChartSize(0, 100)).isInstanceOf(UserException.class);
    }

    @Test
    void saysWhereItCannotWrite() throws IOException {
        Path file = Files.writeString(folder.resolve("taken"), "a file");

        assertThatThrownBy(() -> ChartExport.png(heatmap(), SIZE, 96, file.resolve("x.png")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(file.toString());
    }

    /** In a Java of its own, without a display: this one may have one. */
    @Test
    void needsNoDisplay() throws Exception {
        Path file = folder.resolve("headless.png");
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.awt.headless=true",
                "-cp",
                System.getProperty("java.class.path"),
                Headless.class.getName(),
                file.toString());
        builder.environment().remove("DISPLAY");
        builder.redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile());
        Process process = builder.start();

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(() -> "see " + folder.resolve("log")).isZero();
        Path here = folder.resolve("here.png");
        ChartExport.png(heatmap(), SIZE, 150, here);
        assertThat(file).hasSameBinaryContentAs(here);
    }

    /** What {@link #needsNoDisplay} starts. */
    static final class Headless {

        private Headless() {}

        public static void main(String[] args) {
            ChartExport.png(heatmap(), SIZE, 150, Path.of(args[0]));
        }
    }

    private static JFreeChart heatmap() {
        return ChartSamples.heatmap(ChartSamples.matrix(12), "Linear CKA", ChartStyle.light())
                .chart();
    }

    private static ByteBuffer chunk(Path png, String type) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(png)).position(8);
        while (bytes.hasRemaining()) {
            int length = bytes.getInt();
            byte[] name = new byte[4];
            bytes.get(name);
            if (new String(name, StandardCharsets.US_ASCII).equals(type)) {
                return bytes.slice().limit(length);
            }
            bytes.position(bytes.position() + length + 4);
        }
        throw new AssertionError("no chunk " + type);
    }
}
