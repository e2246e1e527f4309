package org.layerwise.chart;

import java.awt.Dimension;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.jfree.chart.JFreeChart;
import org.layerwise.chart.style.PaperSize;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Writes a chart as SVG. Text is written as text in the chart's typeface, with fallback fonts for computers without it.
 * The file contains no date and no origin, so equal charts give equal files.
 */
final class SvgPicture {

    private static final String SVG = "http://www.w3.org/2000/svg";
    private static final String FONT = "font-family";
    private static final int DIGITS = 4;

    private SvgPicture() {}

    /**
     * Draws a chart as SVG.
     *
     * @param title description of the chart for screen readers
     * @return text of the SVG file
     * @throws IOException if the Java runtime cannot write XML
     */
    static String of(JFreeChart chart, PaperSize paper, String title) throws IOException {
        try {
            Document document = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation()
                    .createDocument(SVG, "svg", null);
            SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
            context.setComment(null);
            context.setPrecision(DIGITS);
            SVGGraphics2D pen = new SVGGraphics2D(context, false);
            double width = paper.pixelsAcross();
            double height = paper.pixelsDown();
            pen.setSVGCanvasSize(new Dimension((int) Math.ceil(width), (int) Math.ceil(height)));
            chart.draw(pen, new Rectangle2D.Double(0, 0, width, height));
            Element root = pen.getRoot();
            pen.dispose();
            root.setAttribute("width", decimal(paper.width()) + "mm");
            root.setAttribute("height", decimal(paper.height()) + "mm");
            root.setAttribute("viewBox", "0 0 %s %s".formatted(decimal(width), decimal(height)));
            root.setAttribute("role", "img");
            Element name = document.createElementNS(SVG, "title");
            name.setTextContent(title);
            root.insertBefore(name, root.getFirstChild());
            fallBack(root);
            return text(root);
        } catch (ParserConfigurationException | TransformerException e) {
            throw new IOException("this Java runtime cannot write XML: " + e.getMessage(), e);
        }
    }

    /** Adds fallback font families to all elements below a node. */
    private static void fallBack(Node node) {
        if (node instanceof Element element && element.hasAttribute(FONT)) {
            String family = element.getAttribute(FONT).replace("'", "");
            element.setAttribute(
                    FONT, "%s, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif".formatted(quoted(family)));
        }
        for (Node child = node.getFirstChild(); child != null; child = child.getNextSibling()) {
            fallBack(child);
        }
    }

    private static String quoted(String family) {
        return family.matches("[A-Za-z-]+") ? family : "'" + family + "'";
    }

    private static String text(Element root) throws TransformerException {
        Transformer transformer = TransformerFactory.newInstance().newTransformer();
        transformer.setOutputProperty(OutputKeys.ENCODING, "UTF-8");
        transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
        StringWriter writer = new StringWriter();
        transformer.transform(new DOMSource(root), new StreamResult(writer));
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                + writer.toString().replace("\r\n", "\n") + "\n";
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.3f", value).replaceAll("\\.?0+$", "");
    }
}
