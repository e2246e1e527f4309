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
import org.layerwise.base.WholeFiles;

/**
 * Charts as files. Needs no display; the same chart is the same file, byte for byte. A chart that a window shows must not
 * be written from another thread: build it again from its values.
 */
public final class ChartExport {

    private static final double METRES_PER_INCH = 0.0254;
    private static final double SCREEN_DPI = 96;
    private static final String PNG_METADATA = "javax_imageio_png_1.0";
    private static final int OPAQUE = 255;

    private ChartExport() {}

    /**
     * Writes a chart as PNG, drawn at its resolution, which the file states (pHYs). Text and lines have the same size on
     * paper at every resolution.
     *
     * @param dpi 96 for the screen, 300 for print; the picture has dpi / 96 pixels for each of the figure's
     * @throws UserException if the size or the resolution makes no sense, or the file cannot be written
     */
    public static void png(JFreeChart chart, ChartSize size, double dpi, Path file) {
        png(chart, Paper.of(size, dpi), file);
    }

    /**
     * Writes a chart as PNG, drawn at the paper's resolution, which the file states (pHYs). Where the chart's background lets
     * through what is behind it, so does the file.
     *
     * @throws UserException if the file cannot be written
     */
    public static void png(JFreeChart chart, Paper paper, Path file) {
        BufferedImage image = image(chart, paper);
        WholeFiles.write(file, beside -> writePng(image, paper.dpi(), beside));
    }

    /**
     * Writes a chart as SVG of the paper's size. Text stays text.
     *
     * @param title what the picture shows, for whoever cannot see it
     * @throws UserException if the file cannot be written
     */
    public static void svg(JFreeChart chart, Paper paper, String title, Path file) {
        WholeFiles.write(
                file, beside -> Files.writeString(beside, SvgPicture.of(chart, paper, title), StandardCharsets.UTF_8));
    }

    /** The picture that {@link #png} writes. */
    public static BufferedImage image(JFreeChart chart, ChartSize size, double dpi) {
        return image(chart, Paper.of(size, dpi));
    }

    /** The picture that {@link #png} writes. */
    public static BufferedImage image(JFreeChart chart, Paper paper) {
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
