package org.layerwise.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.ByteSize;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.UserException;
import org.layerwise.study.model.DownloadSize;
import org.layerwise.study.model.ModelLocator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Command {@code download}: downloads a model from the hub into HuggingFace's cache. */
@Command(
        name = "download",
        customSynopsis = "layerwise download ID[@REVISION] [OPTIONS]",
        description =
                "Download a model of the HuggingFace hub into HuggingFace's own cache and print its folder. What is"
                        + " there is not fetched again; a download that was stopped goes on.")
final class DownloadCommand extends LayerwiseCommand {

    private static final double ASKED = 0.02;

    @Parameters(
            paramLabel = "ID[@REVISION]",
            description = "The model, as org/name; the revision is a branch, a tag or a commit. Default: main.")
    private String id = "";

    @Option(names = "--revision", paramLabel = "R", description = "The same as @REVISION. Default: main.")
    private @Nullable String revision;

    @Override
    void run() {
        String model = model();
        context().run("Download", (workbench, progress) -> {
            Path folder = context().keepingDownload(model, () -> {
                DownloadSize size = workbench.downloadSize(model, progress.part(0, ASKED));
                progress.note(words(model, size));
                return workbench.download(model, new PauseSwitch(), progress.part(ASKED, 1));
            });
            progress.close(); // the bar would overwrite the result
            context().say(folder.toString());
        });
    }

    private String model() {
        if (id.isBlank()) {
            throw new UserException("The name of the model is empty; write it as org/name.");
        }
        if (id.equals(ModelLocator.SAMPLE)) {
            throw new UserException("The sample model comes with the program; name it with --model sample.");
        }
        if (!ModelLocator.isOnHub(id)) {
            throw new UserException(
                    "%s is a folder on this machine; name a model of the hub, such as org/name.".formatted(id));
        }
        if (revision == null) {
            return id;
        }
        if (id.contains("@") && !id.endsWith("@" + revision)) {
            throw new UserException("%s and --revision %s name two revisions; leave one out.".formatted(id, revision));
        }
        return id.replaceFirst("@.*", "") + "@" + revision;
    }

    static String words(String model, DownloadSize size) {
        String all = "%s: %s, %s"
                .formatted(model, size.files() == 1 ? "1 file" : size.files() + " files", ByteSize.of(size.bytes()));
        if (size.bytesThere() >= size.bytes()) {
            return all + ", all there already.";
        }
        return size.bytesThere() == 0
                ? all + "."
                : "%s, of which %s are there already.".formatted(all, ByteSize.of(size.bytesThere()));
    }
}
