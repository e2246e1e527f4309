package org.layerwise.model;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Optional;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.TensorEntry;
import org.layerwise.model.config.ModelDescription;
import org.layerwise.model.config.ModuleNames.Module;

/** Checks a language-model head that is tied to the token embeddings and stored all the same. */
final class TiedHead {

    private TiedHead() {}

    /**
     * Refuses a checkpoint whose stored head has other values than the token embeddings to which its configuration ties
     * it: transformers 4 computes with the embeddings, transformers 5 with the stored head.
     */
    static void requireSame(ModelDescription description, StoredTensors stored) {
        if (!description.tiedLanguageModel()) {
            return;
        }
        Optional<String> head = stored.find(description.names().head(Module.LANGUAGE_MODEL) + ".weight");
        Optional<String> tokens = stored.find(description.names().inBody(Module.TOKENS) + ".weight");
        Checkpoint checkpoint = stored.checkpoint();
        if (head.isPresent() && tokens.isPresent() && !same(checkpoint, head.get(), tokens.get())) {
            throw new UserException(
                    "%s ties the language-model head to the token embeddings (tie_word_embeddings), but its files have %s and %s with different values: transformers 4 computes with the second, transformers 5 with the first; set tie_word_embeddings to false in config.json if the first is meant, else remove it."
                            .formatted(checkpoint.folder(), head.get(), tokens.get()));
        }
    }

    private static boolean same(Checkpoint checkpoint, String head, String tokens) {
        TensorEntry entry = checkpoint.entry(head);
        TensorEntry other = checkpoint.entry(tokens);
        if (entry.type() != other.type() || entry.bytes() != other.bytes()) {
            return false;
        }
        Iterator<ByteBuffer> rest = checkpoint.pieces(tokens).iterator();
        for (ByteBuffer piece : checkpoint.pieces(head)) {
            if (!piece.equals(rest.next())) {
                return false;
            }
        }
        return true;
    }
}
