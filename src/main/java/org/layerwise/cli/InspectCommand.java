package org.layerwise.cli;

import org.layerwise.base.PauseSwitch;
import org.layerwise.cli.report.InspectReport;
import org.layerwise.study.model.ModelOutline;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Command {@code inspect}: prints the architecture of a model as a table, from the headers of its files. */
@Command(
        name = "inspect",
        customSynopsis = "layerwise inspect --model MODEL [OPTIONS]",
        description = "Show what a model is made of: its tensors, layer by layer, what its files lack or have too much,"
                + " and what LoRA targets by default. Reads only the headers of its files.")
final class InspectCommand extends ModelCommand {

    @Option(names = "--all", description = "Show every layer, also those that are like the one before. Default: no.")
    private boolean all;

    @Override
    void run() {
        String name = model().name();
        context().run("Inspect", (workbench, progress) -> {
            ModelOutline outline =
                    context().keepingDownload(name, () -> workbench.outline(name, new PauseSwitch(), progress));
            progress.close(); // the bar would overwrite the result
            new InspectReport(outline, all).lines().forEach(context()::say);
        });
    }
}
