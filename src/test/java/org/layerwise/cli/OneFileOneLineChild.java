package org.layerwise.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.layerwise.gui.analysis.MeasurePanelWords;
import org.layerwise.gui.selection.SelectionFormat;
import org.layerwise.study.TinyStudy;
import org.layerwise.testing.WordTokenizer;

/** Uses kinds that {@link OneFileOneLineTest} added, in a process that has them. */
final class OneFileOneLineChild {

    private OneFileOneLineChild() {}

    /** @param args folder to write into, and {@code window} or {@code commands} */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        if (args[1].equals("window")) {
            Map<String, List<String>> boxes = MeasurePanelWords.read();
            Files.writeString(folder.resolve("panel.txt"), boxes.toString());
            Files.writeString(
                    folder.resolve("formats.txt"),
                    SelectionFormat.ALL.stream()
                            .map(SelectionFormat::title)
                            .toList()
                            .toString());
            return;
        }
        String data = TinyStudy.classes(folder).toString();
        run(folder, "help.txt", "analyze", "--help");
        run(
                folder,
                "analyze.txt",
                "analyze",
                "--model=" + TinyStudy.MODEL,
                "--data=" + data,
                "--measure=made-up",
                "--bootstrap=20",
                "--out=" + folder.resolve("analysis"));
        run(
                folder,
                "select.txt",
                "select",
                "--analysis=" + folder.resolve("analysis"),
                "--export=made-up=" + folder.resolve("export.txt"),
                "--out=" + folder.resolve("selection.json"));
        run(
                folder,
                "train.txt",
                "train",
                "--model=" + TinyStudy.MODEL,
                "--data=" + data,
                "--selection=" + folder.resolve("selection.json"),
                "--optim=made_up",
                "--scheduler=made_up",
                "--lr=0.02",
                "--steps=2",
                "--out=" + folder.resolve("run"));
        Path model = WordTokenizer.copy("llama", folder.resolve("llama"));
        WordTokenizer.write(model, 130, Map.of(), List.of());
        Path questions = Files.writeString(
                folder.resolve("questions.jsonl"), "{\"question\": \"4 5 6\", \"answer\": \"anything\"}\n");
        run(
                folder,
                "evaluate.txt",
                "evaluate",
                "--model=" + model,
                "--data=" + questions,
                "--benchmark=made-up",
                "--predictions=" + folder.resolve("predictions.jsonl"));
    }

    private static void run(Path folder, String file, String... args) throws Exception {
        CommandLineFixture cli = new CommandLineFixture(folder);
        int code = cli.run(args);
        Files.writeString(
                folder.resolve(file), code + "\n" + cli.out() + "\n" + String.join("\n", cli.errLines()) + "\n");
    }
}
