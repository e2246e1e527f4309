package org.layerwise.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.layerwise.base.WholeFiles;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.lora.PlainLora;
import org.layerwise.study.card.AdapterCard;

/** Makes a plain LoRA adapter of one that was trained from a model's principal parts (PiSSA), for those who share it. */
public final class AdapterConversion {

    private AdapterConversion() {}

    /**
     * Writes the plain adapter; the folder is there only when it is complete.
     *
     * @param adapter folder of the trained adapter
     * @param initial folder of the same before its training, {@code adapter-initial} in a run's folder
     * @param out folder to write, which is not there yet or empty
     * @return the rank of the plain adapter where no pattern says otherwise
     * @throws org.layerwise.base.UserException if the two adapters are not of one training, or the folder is in use or cannot be
     *     written
     */
    public static int run(Workbench workbench, Path adapter, Path initial, Path out) {
        NewFolder.require(out);
        PeftAdapter plain = PlainLora.of(
                PeftAdapter.read(adapter, workbench.engine()), PeftAdapter.read(initial, workbench.engine()));
        WholeFiles.writeNewFolder(out, beside -> {
            plain.write(beside);
            copyNames(adapter, beside);
            convertCard(adapter, beside, plain.config().rank());
        });
        return plain.config().rank();
    }

    private static void convertCard(Path adapter, Path to, int rank) throws IOException {
        Path card = adapter.resolve(AdapterCard.FILE);
        if (Files.isRegularFile(card)) {
            Files.writeString(
                    to.resolve(AdapterCard.FILE),
                    Files.readString(card)
                            + "\n## Conversion\n\nThis is the same adapter as plain LoRA of rank %s, which changes the weights of the base as they are; Layerwise %s converted it.\n"
                                    .formatted(rank, Versions.layerwise()));
        }
    }

    private static void copyNames(Path adapter, Path to) throws IOException {
        Path names = adapter.resolve(ClassNames.FILE);
        if (Files.isRegularFile(names)) {
            Files.copy(names, to.resolve(ClassNames.FILE));
        }
    }
}
