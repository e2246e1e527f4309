package org.layerwise.study.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.RepresentationsFile;
import org.layerwise.base.UserException;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.remote.BrokenResultsException;
import org.layerwise.remote.JobTicket;

/**
 * Results of an extraction on a cluster, after its files were fetched.
 *
 * @param folder temporary folder of the files
 * @param fetched names of the files
 * @param ticket job that has written them
 */
record RemoteExtractionResult(Path folder, List<String> fetched, JobTicket ticket) {

    /**
     * Reads the files.
     *
     * @param config model of the extraction
     * @param rows number of its rows
     * @throws BrokenResultsException if they are not what a job writes for this model and these rows
     */
    Representations read(ModelConfig config, int rows, Position position) {
        try {
            List<Path> parts = RunEnding.parts(folder, fetched);
            parts.forEach(part -> requireOfModel(RepresentationsFile.widths(part), config));
            return RepresentationsFile.together(parts, rows, position);
        } catch (UserException e) {
            if (e.getCause() instanceof IOException && !(e.getCause() instanceof JsonProcessingException)) {
                throw e; // this computer cannot read its own copy, and the results on the cluster may be right
            }
            throw new BrokenResultsException(withoutFolder(String.valueOf(e.getMessage())), e);
        }
    }

    /** Returns a message that names the job's files in place of their copies, which are deleted when a user reads it. */
    private String withoutFolder(String message) {
        List<String> names = new ArrayList<>(fetched);
        names.add(RunEnding.FILE); // also if it was not fetched
        String words = message;
        for (String name : names) {
            words = words.replace(
                    folder.resolve(name).toString(),
                    "%s of the job %s on %s".formatted(name, ticket.id(), ticket.target()));
        }
        return words;
    }

    /**
     * Checks that the hidden states have the shape of the model, since the reference may resolve to another model on
     * the cluster.
     *
     * @param widths width of each hidden state
     */
    private void requireOfModel(List<Long> widths, ModelConfig config) {
        int states = config.layers() + 1;
        int width = config.hiddenSize();
        long first = widths.isEmpty() ? 0 : widths.get(0);
        if (widths.size() != states || widths.stream().anyMatch(other -> other != width)) {
            throw new UserException(
                    "What %s has computed is of another model: %s hidden states of %s values, where the model here has %s of %s; name the right one with --model-there."
                            .formatted(ticket.target(), widths.size(), first, states, width));
        }
    }
}
