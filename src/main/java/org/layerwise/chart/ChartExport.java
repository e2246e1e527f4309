package org.layerwise.chart;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Paint;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.PaperSize;

/**
 * Exports charts to files. Needs no display; equal charts give files that are equal byte for byte. Never export a chart
 * that a window shows from another thread: build a second chart from its values.
 */
public final class ChartExport {

    private static final double METRES_PER_INCH = 0.0254;
    private static final double SCREEN_DPI = 96;
    private static final String PNG_METADATA = "javax_imageio_png_1.0";
    private static final int OPAQUE = 255;

    private ChartExport() {}

    /**
     * Writes a chart as PNG, drawn at the given resolution, which is also written to the file (pHYs chunk). Text and
     * lines have the same size on paper at every resolution.
     *
     * @param dpi dots per inch: 96 for the screen, 300 for print; the image has dpi / 96 times as many pixels per side
     *     as {@code size}
     * @throws UserException if the size or the resolution is out of range, or if the file cannot be written
     */
    public static void png(JFreeChart chart, ChartSize size, double dpi, Path file) {
        png(chart, PaperSize.of(size, dpi), file);
    }

    /**
     * Writes a chart as PNG, drawn at the resolution of {@code paper}, which is also written to the file (pHYs chunk).
     * A transparent background of the chart stays transparent in the file.
     *
     * @throws UserException if the file cannot be written
     */
    public static void png(JFreeChart chart, PaperSize paper, Path file) {
        BufferedImage image = image(chart, paper);
        AtomicFiles.write(file, beside -> writePng(image, paper.dpi(), beside));
    }

    /**
     * Writes a chart as SVG in the size of {@code paper}. Text is written as text, not as outlines.
     *
     * @param title description of the chart for screen readers
     * @throws UserException if the file cannot be written
     */
    public static void svg(JFreeChart chart, PaperSize paper, String title, Path file) {
        AtomicFiles.write(
                file, beside -> Files.writeString(beside, SvgPicture.of(chart, paper, title), StandardCharsets.UTF_8));
    }

    /** Returns the image that {@link #png} writes. */
    public static BufferedImage image(JFreeChart chart, ChartSize size, double dpi) {
        return image(chart, PaperSize.of(size, dpi));
    }

    /** Returns the image that {@link #png} writes. */
    public static BufferedImage image(JFreeChart chart, PaperSize paper) {
        Paint behind = chart.getBackgroundPaint();
        boolean clear = !(behind instanceof Color colour) || colour.getAlpha() < OPAQUE;
        BufferedImage image = new BufferedImage(
                paper.dotsAcross(), paper.dotsDown(), clear ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
        double scale = paper.dpi() / SCREEN_DPI;
        Graphics2D g2 = image.createGraphics();
        try {
            if (behind != null) {
                g2.setPaint(behind);
                g2.fillRect(0, 0, image.getWidth(), image.getHeight());
            }
            g2.scale(scale, scale);
            chart.draw(g2, new Rectangle2D.Double(0, 0, paper.pixelsAcross(), paper.pixelsDown()));
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
