package org.layerwise.study.adapter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.layerwise.base.Progress;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.checkpoint.ModelFolder;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.lora.PlainLoraConversion;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.ClassNames;
import org.layerwise.study.model.Versions;
import org.layerwise.study.report.AdapterCard;

/**
 * Converts an adapter that was initialised with a part of the weights (PiSSA, OLoRA) to a standard LoRA
 * adapter, which can be shared.
 */
public final class AdapterConversion {

    private AdapterConversion() {}

    /**
     * Writes the standard LoRA adapter. The folder appears only when it is complete.
     *
     * @param adapter folder of the trained adapter
     * @param initial folder of this adapter before its training, {@code adapter-initial} in a run's folder
     * @param out folder to write, which must be empty or not exist
     * @param progress cancels the conversion; nothing is reported to it
     * @return the rank of the standard LoRA adapter for modules without a rank pattern
     * @throws org.layerwise.base.UserException if the two adapters do not belong to the same training, or the folder is
     *     in use or cannot be written
     * @throws org.layerwise.base.CancelledException if cancelled; nothing is written
     */
    public static int run(Workbench workbench, Path adapter, Path initial, Path out, Progress progress) {
        NewFolder.require(out);
        PeftAdapter trained = PeftAdapter.read(adapter, workbench.engine(), progress);
        PeftAdapter start = PeftAdapter.read(initial, workbench.engine(), progress);
        PeftAdapter plain = PlainLoraConversion.of(trained, start);
        AtomicFiles.writeNewFolder(out, beside -> {
            progress.check();
            plain.write(beside);
            copyNames(adapter, beside);
            convertCard(adapter, beside, plain.config().rank());
            progress.check(); // the folder does not appear
        });
        return plain.config().rank();
    }

    private static void convertCard(Path adapter, Path to, int rank) throws IOException {
        Optional<Path> card = new ModelFolder(adapter).file(AdapterCard.FILE);
        if (card.isPresent()) {
            Files.writeString(
                    to.resolve(AdapterCard.FILE),
                    Files.readString(card.get())
                            + "\n## Conversion\n\nThis is the same adapter as plain LoRA of rank %s, which changes the weights of the base as they are; Layerwise %s converted it.\n"
                                    .formatted(rank, Versions.layerwise()));
        }
    }

    private static void copyNames(Path adapter, Path to) throws IOException {
        Optional<Path> names = new ModelFolder(adapter).file(ClassNames.FILE);
        if (names.isPresent()) {
            Files.copy(names.get(), to.resolve(ClassNames.FILE));
        }
    }
}
