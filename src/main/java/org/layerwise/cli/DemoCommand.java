package org.layerwise.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.base.setting.Setting;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.demo.Demo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Command {@code demo}: runs analysis, selection and training on the bundled model and the sample task "definitions".
 */
@Command(
        name = "demo",
        description =
                "The whole job on the sample model and the sample task \"definitions\": analyze, select half of the"
                        + " layers, train them and all layers for comparison, and print what came of it.")
final class DemoCommand extends LayerwiseCommand {

    /** Settings that are flags of the command. */
    private static final List<Setting<?>> FLAGS = List.of(ModelSettings.DEVICE);

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder for all that is written. Default: demo in the user's data folder for Layerwise.")
    private @Nullable Path out;

    Path folder() {
        return out == null ? Demo.usualFolder(context().folders()) : out;
    }

    @Override
    List<Setting<?>> offered() {
        return FLAGS;
    }

    @Override
    String farewell() {
        return AFTER_STEP;
    }

    @Override
    void run() {
        Path folder = folder();
        String chosen = given(FLAGS).get(ModelSettings.DEVICE);
        WritablePaths.checkFolder(folder);
        context().run("Demo", (workbench, progress) -> {
            List<String> lines = new Demo(workbench, folder, chosen).run(progress, progress::note);
            progress.close();
            lines.forEach(context()::say);
        });
    }
}
