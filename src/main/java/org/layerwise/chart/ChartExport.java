package org.layerwise.chart;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.FileImageOutputStream;
import javax.imageio.stream.ImageOutputStream;
import org.jfree.chart.JFreeChart;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;

/**
 * Charts as files. Needs no display; the same chart is the same file, byte for byte. A chart that a window shows must not
 * be written from another thread: build it again from its values.
 */
public final class ChartExport {

    private static final double SCREEN_DPI = 96;
    private static final double METRES_PER_INCH = 0.0254;
    private static final double LEAST_DPI = 36;
    private static final double MOST_DPI = 2400;
    private static final long MOST_PIXELS = 200_000_000;
    private static final String PNG_METADATA = "javax_imageio_png_1.0";

    private ChartExport() {}

    /**
     * Writes a chart as PNG, drawn at its resolution, which the file states (pHYs). Text and lines have the same size on
     * paper at every resolution.
     *
     * @param dpi 96 for the screen, 300 for print; the picture has dpi / 96 pixels for each of the figure's
     * @throws UserException if the size or the resolution makes no sense, or the file cannot be written
     */
    public static void png(JFreeChart chart, ChartSize size, double dpi, Path file) {
        BufferedImage image = image(chart, size, dpi);
        WholeFiles.write(file, beside -> writePng(image, dpi, beside));
    }

    /** The picture that {@link #png} writes. */
    public static BufferedImage image(JFreeChart chart, ChartSize size, double dpi) {
        if (!(dpi >= LEAST_DPI && dpi <= MOST_DPI)) {
            throw new UserException("A resolution of %s dpi makes no sense; choose one between %.0f and %.0f."
                    .formatted(dpi, LEAST_DPI, MOST_DPI));
        }
        double scale = dpi / SCREEN_DPI;
        long width = Math.round(size.width() * scale);
        long height = Math.round(size.height() * scale);
        if (width * height > MOST_PIXELS) {
            throw new UserException(
                    "A picture of %d × %d pixels is too large; choose a lower resolution or a smaller figure."
                            .formatted(width, height));
        }
        BufferedImage image = new BufferedImage((int) width, (int) height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g2 = image.createGraphics();
        try {
            g2.setPaint(chart.getBackgroundPaint());
            g2.fillRect(0, 0, image.getWidth(), image.getHeight());
            g2.scale(scale, scale);
            chart.draw(g2, new Rectangle2D.Double(0, 0, size.width(), size.height()));
        } finally {
            g2.dispose();
        }
        return image;
    }

    private static void writePng(BufferedImage image, double dpi, Path file) throws IOException {
        Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName("png");
        if (!writers.hasNext()) {
            throw new IOException("this Java runtime cannot write PNG files");
        }
        ImageWriter writer = writers.next();
        try (ImageOutputStream out = new FileImageOutputStream(file.toFile())) {
            IIOMetadata metadata =
                    writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), null);
            String pixelsPerMetre = Long.toString(Math.round(dpi / METRES_PER_INCH));
            IIOMetadataNode density = new IIOMetadataNode("pHYs");
            density.setAttribute("pixelsPerUnitXAxis", pixelsPerMetre);
            density.setAttribute("pixelsPerUnitYAxis", pixelsPerMetre);
            density.setAttribute("unitSpecifier", "meter");
            IIOMetadataNode root = new IIOMetadataNode(PNG_METADATA);
            root.appendChild(density);
            metadata.mergeTree(PNG_METADATA, root);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, metadata), null);
        } finally {
            writer.dispose();
        }
    }
}
