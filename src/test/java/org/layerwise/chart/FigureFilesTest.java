package org.layerwise.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jfree.chart.ChartRenderingInfo;
import org.jfree.chart.JFreeChart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.UserException;
import org.layerwise.chart.curve.CurveChart;
import org.layerwise.chart.curve.OverlapCurveChart;
import org.layerwise.chart.heatmap.HeatmapRenderer;
import org.layerwise.chart.ranking.ImportanceData;
import org.layerwise.chart.ranking.ImportanceOverlayChart;
import org.layerwise.chart.ranking.RankingChart;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ChartTheme;
import org.layerwise.chart.style.ColourScale;
import org.layerwise.chart.style.FigureStyle;
import org.layerwise.chart.style.PaperSize;
import org.layerwise.data.token.DataSummary;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Figures as files, read back. */
class FigureFilesTest {

    private static final PaperSize PAPER = new PaperSize(110, 90, 300);
    private static final SimilarityMatrix MATRIX = ChartSamples.matrix(12);
    private static final String TITLE = "Similarity of <hidden> states & more";

    @TempDir
    Path folder;

    /** Every kind of chart, with a text that must be in it. */
    private record Kind(String name, Function<ChartStyle, JFreeChart> draw, List<String> texts) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Kind> kinds() {
        CurveChart curves = new CurveChart("Training loss", ChartStyle.light());
        curves.append("half", ChartSamples.losses(300, 1));
        curves.appendEvaluation("half", new CurveChart.Point(150, 0.8));
        return Stream.of(
                new Kind("heatmap", FigureFilesTest::heatmap, List.of("Hidden state", "12", "undefined", "Linear CKA")),
                new Kind(
                        "ranking",
                        style -> {
                            RankingChart chart = new RankingChart(
                                    new ImportanceData(
                                            "CKA",
                                            ChartSamples.importance(12),
                                            ChartSamples.uncertainty(12),
                                            ChartSamples.baseline(12, 0.5)),
                                    style);
                            chart.select(ChartSamples.half(12), ChartSamples.locks(12));
                            return chart.chart();
                        },
                        List.of("Importance (1 − CKA)", "Layer 11", "95 % interval (many rows)")),
                new Kind("curves", style -> curves.copy(style).chart(), List.of("Step", "Training loss", "half")),
                new Kind(
                        "overlay",
                        style -> new ImportanceOverlayChart(
                                        List.of(new ImportanceOverlayChart.Series(
                                                "CKA", ChartSamples.importance(12), ChartSamples.uncertainty(12))),
                                        "Importance",
                                        false,
                                        style)
                                .chart(),
                        List.of("Layer", "Importance")),
                new Kind(
                        "probability",
                        style -> new SelectionProbabilityChart(
                                        ChartSamples.uncertainty(12),
                                        ChartSamples.importance(12),
                                        new TreeSet<>(Set.of(3, 8)),
                                        style)
                                .chart(),
                        List.of("Layer", "Probability of being selected", "proposed")),
                new Kind(
                        "overlap",
                        style -> new OverlapCurveChart(ChartSamples.uncertainty(12), ChartSamples.importance(12), style)
                                .chart(),
                        List.of("Share found again", "512")),
                new Kind(
                        "histogram",
                        style -> new HistogramChart(
                                        List.of(new DataSummary.Bin(1, 8, 40), new DataSummary.Bin(9, 16, 12)),
                                        "Tokens",
                                        "Rows",
                                        style)
                                .chart(),
                        List.of("Tokens", "Rows", "10")));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void anSvgHasItsSizeAndItsTextsAsText(Kind kind) throws Exception {
        Path file = folder.resolve("figure.svg");
        FigureStyle look = new FigureStyle(ChartTheme.LIGHT, 9, false, true);
        ChartExport.svg(dressed(kind, look), PAPER, TITLE, file);
        Document document = read(file);
        Element root = document.getDocumentElement();

        assertThat(root.getAttribute("width")).isEqualTo("110mm");
        assertThat(root.getAttribute("height")).isEqualTo("90mm");
        assertThat(root.getAttribute("viewBox")).isEqualTo("0 0 415.748 340.157");
        assertThat(texts(document, "title")).containsExactly(TITLE);
        assertThat(texts(document, "text")).containsAll(kind.texts).contains(TITLE);
        Set<String> families = new HashSet<>();
        Set<String> ids = new HashSet<>();
        List<String> all = new ArrayList<>();
        NodeList elements = document.getElementsByTagName("*");
        for (int i = 0; i < elements.getLength(); i++) {
            Element element = (Element) elements.item(i);
            if (element.hasAttribute("font-family")) {
                families.add(element.getAttribute("font-family"));
            }
            if (element.hasAttribute("id")) {
                ids.add(element.getAttribute("id"));
                all.add(element.getAttribute("id"));
            }
        }
        assertThat(families).allMatch(family -> family.endsWith(", sans-serif"));
        assertThat(families).anyMatch(family -> family.startsWith("Inter,"));
        assertThat(all).hasSameSizeAs(ids);
        assertThat(Files.readString(file)).doesNotContain("<!--", "<!DOCTYPE", "NaN", "Infinity");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aFigureThatIsWrittenTwiceIsTheSameFile(Kind kind) throws Exception {
        FigureStyle look = new FigureStyle(ChartTheme.DARK, 7.5, true, true);
        for (String ending : List.of("svg", "png")) {
            Path first = folder.resolve("first." + ending);
            Path second = folder.resolve("second." + ending);
            for (Path file : List.of(first, second)) {
                write(dressed(kind, look), file);
            }
            assertThat(second).hasSameBinaryContentAs(first);
        }
    }

    @ParameterizedTest
    @EnumSource(ChartTheme.class)
    void theCellsOfAPictureHaveTheColoursOfTheirValues(ChartTheme theme) throws IOException {
        FigureStyle look = new FigureStyle(theme, 9, false, true);
        JFreeChart chart = heatmap(look.style());
        look.applyTo(chart, TITLE);
        Path file = folder.resolve("cells.png");
        ChartExport.png(chart, PAPER, file);
        BufferedImage picture = ImageIO.read(file.toFile());

        assertThat(picture.getWidth()).isEqualTo(1299);
        assertThat(picture.getHeight()).isEqualTo(1063);
        assertThat(density(file)).isEqualTo(11811);
        assertThat(picture.getColorModel().hasAlpha()).isFalse();
        assertThat(new Color(picture.getRGB(2, 2))).isEqualTo(theme.canvas());
        ColourScale scale = ColourScale.similarities();
        int cells = 0;
        for (CellPlace place : places(chart)) {
            Similarity known = MATRIX.at(place.row, place.column);
            if (known instanceof Similarity.Value value) {
                Color expected = scale.colour(value.value(), theme);
                assertThat(new Color(picture.getRGB(place.x, place.y)))
                        .as("states %d and %d", place.row, place.column)
                        .isEqualTo(expected);
                cells++;
            }
        }
        assertThat(cells).isEqualTo(12 * 12);
    }

    @ParameterizedTest
    @EnumSource(ChartTheme.class)
    void theCellsOfAnSvgHaveTheColoursOfTheirValues(ChartTheme theme) throws Exception {
        FigureStyle look = new FigureStyle(theme, 9, false, false);
        Path file = folder.resolve("cells.svg");
        JFreeChart chart = heatmap(look.style());
        look.applyTo(chart, TITLE);
        ChartExport.svg(chart, PAPER, TITLE, file);
        String svg = Files.readString(file);
        for (int row = 1; row <= 12; row++) {
            for (int column = 1; column <= 12; column++) {
                Color colour = ColourScale.similarities()
                        .colour(MATRIX.value(row, column).orElseThrow(), theme);
                assertThat(svg)
                        .contains("rgb(%s,%s,%s)".formatted(colour.getRed(), colour.getGreen(), colour.getBlue()));
            }
        }
        // without soft edges, or their neighbours would shine through
        assertThat(svg).contains("shape-rendering=\"crispEdges\"");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatLiesBehindShowsThroughOnlyIfAsked(boolean transparent) throws Exception {
        FigureStyle look = new FigureStyle(ChartTheme.LIGHT, 9, transparent, false);
        Path file = folder.resolve("through.png");
        JFreeChart chart = heatmap(look.style());
        look.applyTo(chart, TITLE);
        ChartExport.png(chart, PAPER, file);
        BufferedImage picture = ImageIO.read(file.toFile());
        assertThat(picture.getRGB(0, 0) >>> 24).isEqualTo(transparent ? 0 : 255);
        CellPlace cell = places(chart).get(40);
        assertThat(picture.getRGB(cell.x, cell.y) >>> 24).as("a cell").isEqualTo(255);

        Path vector = folder.resolve("through.svg");
        ChartExport.svg(chart, PAPER, TITLE, vector);
        NodeList shapes = read(vector).getElementsByTagName("rect");
        boolean covered = false;
        for (int i = 0; i < shapes.getLength(); i++) {
            Element shape = (Element) shapes.item(i);
            covered |= shape.getAttribute("width").startsWith("415.7")
                    && !shape.getAttribute("fill-opacity").equals("0")
                    && !((Element) shape.getParentNode())
                            .getAttribute("fill-opacity")
                            .equals("0");
        }
        assertThat(covered).isEqualTo(!transparent);
    }

    @Test
    void textHasTheSizeInPointsThatIsAskedFor() throws Exception {
        Path file = folder.resolve("small.svg");
        FigureStyle look = new FigureStyle(ChartTheme.LIGHT, 7.5, false, false);
        JFreeChart chart = heatmap(look.style());
        look.applyTo(chart, TITLE);
        ChartExport.svg(chart, PAPER, TITLE, file);
        assertThat(look.style().texts().getSize2D()).isEqualTo(10);
        assertThat(Files.readString(file))
                .contains("font-size=\"10px\"")
                .doesNotContain("font-size=\"12px\" font-weight");
        assertThat(texts(read(file), "text")).doesNotContain(TITLE);
    }

    @Test
    void paperThatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> new PaperSize(5, 100, 300)).isInstanceOf(UserException.class);
        assertThatThrownBy(() -> new PaperSize(100, Double.NaN, 300)).isInstanceOf(UserException.class);
        assertThatThrownBy(() -> new PaperSize(100, 100, 5000)).isInstanceOf(UserException.class);
        assertThatThrownBy(() -> new PaperSize(1000, 1000, 600))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("too large");
        assertThatThrownBy(() -> new FigureStyle(ChartTheme.LIGHT, 0, false, false))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static JFreeChart heatmap(ChartStyle style) {
        return ChartSamples.heatmap(MATRIX, "Linear CKA", style).chart();
    }

    private static JFreeChart dressed(Kind kind, FigureStyle look) {
        JFreeChart chart = kind.draw.apply(look.style());
        look.applyTo(chart, TITLE);
        return chart;
    }

    private static void write(JFreeChart chart, Path file) {
        if (file.toString().endsWith(".svg")) {
            ChartExport.svg(chart, PAPER, TITLE, file);
        } else {
            ChartExport.png(chart, PAPER, file);
        }
    }

    private record CellPlace(int row, int column, int x, int y) {}

    /** Where the middles of the cells are, in dots. */
    private static List<CellPlace> places(JFreeChart chart) {
        double scale = PAPER.dpi() / 96;
        ChartRenderingInfo info = new ChartRenderingInfo();
        BufferedImage image = new BufferedImage(PAPER.dotsAcross(), PAPER.dotsDown(), BufferedImage.TYPE_INT_RGB);
        var pen = image.createGraphics();
        pen.scale(scale, scale);
        chart.draw(pen, new Rectangle2D.Double(0, 0, PAPER.pixelsAcross(), PAPER.pixelsDown()), info);
        pen.dispose();
        List<CellPlace> places = new ArrayList<>();
        for (Object found : info.getEntityCollection().getEntities()) {
            if (found instanceof HeatmapRenderer.CellEntity cell) {
                Rectangle2D area = cell.getArea().getBounds2D();
                places.add(
                        new CellPlace(cell.pair().row(), cell.pair().column(), (int) (area.getCenterX() * scale), (int)
                                (area.getCenterY() * scale)));
            }
        }
        assertThat(places).hasSize(13 * 13);
        return places;
    }

    private static int density(Path png) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(png)).position(8);
        while (bytes.hasRemaining()) {
            int length = bytes.getInt();
            byte[] name = new byte[4];
            bytes.get(name);
            String type = new String(name, StandardCharsets.US_ASCII);
            assertThat(type).as("no time stamps").isNotEqualTo("tIME").isNotEqualTo("tEXt");
            if (type.equals("pHYs")) {
                return bytes.getInt();
            }
            bytes.position(bytes.position() + length + 4);
        }
        throw new AssertionError("the file does not say its resolution");
    }

    private static Document read(Path svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(svg.toFile());
    }

    private static List<String> texts(Document document, String tag) {
        NodeList nodes = document.getElementsByTagName(tag);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent());
        }
        return texts;
    }
}
