package org.layerwise.gui.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.chart.curve.CurveChart;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.gui.ChosenFiles;
import org.layerwise.gui.Desk;
import org.layerwise.gui.RememberedExports;
import org.layerwise.gui.common.ExportOptions;
import org.layerwise.gui.common.ExportOptions.Format;

class FigureExporterTest {

    private static final ExportOptions SMALL = ExportOptions.png(100, 80, 96, false);

    @TempDir
    Path folder;

    private final Desk desk = new Desk();
    private final ChosenFiles files = new ChosenFiles();
    private final FigureExporter exports = new FigureExporter(desk, files, desk, new RememberedExports(), () -> true);

    @Test
    void everyFormatIsWrittenAsAsked() throws Exception {
        for (Format format : Format.values()) {
            Path file = folder.resolve("loss" + format.ending());
            files.choose(file);
            desk.export = SMALL.as(format);
            exports.export(figure("loss", "Loss"));
            desk.work();
            assertThat(file).isNotEmptyFile();
        }
        assertThat(ImageIO.read(folder.resolve("loss.png").toFile()).getWidth()).isEqualTo(378);
        assertThat(folder.resolve("loss.svg")).content().contains("width=\"100mm\"", ">Loss</title>");
        assertThat(folder.resolve("loss.csv"))
                .hasContent("run,kind,step,seconds,value,smoothed\nrun,training,1,1,0.5,0.5");
        assertThat(desk.problems()).isEmpty();
        assertThat(desk.notices()).containsExactly("Picture saved", "Picture saved", "Table saved");
    }

    /** The dialog of the platform has asked about "loss" only. */
    @Test
    void aFileThatTheEndingNamesIsNotReplacedUnasked() throws Exception {
        Path there = Files.writeString(folder.resolve("loss.png"), "mine");
        files.choose(folder.resolve("loss"));
        desk.export = SMALL;
        desk.agrees = false;

        exports.export(figure("loss", "Loss"));
        desk.work();
        assertThat(there).hasContent("mine");
        assertThat(desk.questions()).singleElement().asString().contains(there.toString());

        desk.agrees = true;
        exports.export(figure("loss", "Loss"));
        desk.work();
        assertThat(ImageIO.read(there.toFile()).getWidth()).isEqualTo(378);
        assertThat(folder.resolve("loss")).doesNotExist();
    }

    @Test
    void whatWasAskedLastIsSuggestedNext() {
        exports.export(figure("loss", "Loss"));
        assertThat(desk.asked.suggested().dark()).as("as the window").isTrue();
        assertThat(desk.asked.suggested().dpi()).isEqualTo(300);
        assertThat(desk.asked.suggested().width()).as("that suits it").isEqualTo(169);
        desk.export = new ExportOptions(Format.SVG, 90, 60, 150, false, true, 7, true);
        exports.export(figure("loss", "Loss"));
        exports.export(figure("loss", "Loss"));
        assertThat(desk.asked.suggested()).isEqualTo(desk.export);
    }

    @Test
    void aPlaceThatCannotBeWrittenIsSaidWithAWayToTryAgain() throws Exception {
        Path taken = Files.writeString(folder.resolve("taken"), "a file");
        files.choose(taken.resolve("x.png"));
        desk.export = SMALL;
        exports.export(figure("loss", "Loss"));
        desk.work();
        assertThat(desk.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.title()).isEqualTo("The picture could not be saved");
            assertThat(problem.sentence()).contains(taken.toString());
            assertThat(problem.retry()).isNotNull();
        });
    }

    @Test
    void allFiguresGoIntoANewFolderWithTheirNumbersAndAnIndex() throws Exception {
        exports.offer(FigureExporter.Part.RUNS, () -> List.of(figure("loss", "Loss"), figure("loss", "Loss | again")));
        exports.offer(FigureExporter.Part.DATA, () -> List.of(figure("a name/with: signs", "Lengths")));
        files.choose(folder);
        desk.export = SMALL;
        exports.exportAll();
        assertThat(desk.asked.all()).isTrue();
        desk.work();
        Path all = folder.resolve("figures");
        assertThat(names(all))
                .containsExactly(
                        "a_name_with_signs.csv",
                        "a_name_with_signs.png",
                        "index.md",
                        "loss-2.csv",
                        "loss-2.png",
                        "loss.csv",
                        "loss.png");
        assertThat(Files.readAllLines(all.resolve("index.md")))
                .contains(
                        "| Lengths | [a_name_with_signs.png](a_name_with_signs.png) | [a_name_with_signs.csv](a_name_with_signs.csv) |",
                        "| Loss \\| again | [loss-2.png](loss-2.png) | [loss-2.csv](loss-2.csv) |")
                .element(4)
                .asString()
                .as("data come first")
                .startsWith("| Lengths");
        assertThat(ImageIO.read(all.resolve("loss.png").toFile()).getWidth())
                .as("in its own size")
                .isEqualTo(640);
        assertThat(desk.notices()).containsExactly("3 figures saved");

        exports.exportAll();
        desk.work();
        for (String name : names(all)) {
            assertThat(folder.resolve("figures-2").resolve(name)).hasSameBinaryContentAs(all.resolve(name));
        }
    }

    @Test
    void withoutFiguresNothingIsAsked() {
        exports.exportAll();
        assertThat(desk.asked).isNull();
        assertThat(desk.notices()).containsExactly("There are no figures yet");
    }

    @Test
    void aCancelledExportLeavesNothingBehind() throws Exception {
        AtomicInteger reports = new AtomicInteger();
        List<Double> fractions = new ArrayList<>();
        Progress cancelsAtTheSecond = new Progress() {
            @Override
            public void report(double fraction, String message) {
                fractions.add(fraction);
                reports.incrementAndGet();
            }

            @Override
            public boolean cancelled() {
                return reports.get() > 1;
            }
        };
        List<Figure> figures = List.of(figure("1", "A"), figure("2", "B"), figure("3", "C"), figure("4", "D"));
        assertThatThrownBy(() -> FigureFiles.writeAll(figures, SMALL, folder.resolve("figures"), cancelsAtTheSecond))
                .isInstanceOf(CancelledException.class);
        assertThat(fractions).containsExactly(0.0, 0.25);
        assertThat(names(folder)).isEmpty();

        exports.offer(FigureExporter.Part.RUNS, () -> figures);
        files.choose(folder);
        desk.export = SMALL;
        exports.exportAll();
        desk.stopAll();
        desk.work();
        assertThat(names(folder)).isEmpty();
        assertThat(desk.notices()).containsExactly("No figures were saved");
    }

    @Test
    void afterAFailureNoneOfThemIsThere() throws Exception {
        Figure broken = new Figure(
                "curves",
                "Broken",
                "broken",
                new ChartSize(200, 200),
                style -> {
                    throw new UserException("It is broken.");
                },
                () -> "a\n");
        exports.offer(FigureExporter.Part.RUNS, () -> List.of(figure("loss", "Loss"), broken));
        files.choose(folder);
        desk.export = SMALL.as(Format.SVG);
        exports.exportAll();
        desk.work();
        assertThat(names(folder)).isEmpty();
        assertThat(desk.problems()).singleElement().satisfies(problem -> assertThat(problem.sentence())
                .isEqualTo("It is broken."));
    }

    private static Figure figure(String name, String title) {
        return new Figure(
                "curves",
                title,
                name,
                new ChartSize(640, 400),
                style -> {
                    CurveChart chart = new CurveChart("Loss", style);
                    chart.append("run", List.of(new CurveChart.Point(1, 0.5)));
                    return chart.chart();
                },
                () -> "run,kind,step,seconds,value,smoothed\nrun,training,1,1,0.5,0.5\n");
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
