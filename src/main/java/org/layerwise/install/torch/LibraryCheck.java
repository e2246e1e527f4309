package org.layerwise.install.torch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.Folders;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.base.json.Json;
import org.layerwise.base.process.ChildProcess;
import org.slf4j.LoggerFactory;

/** Checks libraries in a separate process, since incompatible libraries may crash the process that loads them. */
record LibraryCheck(ChildProcess child) {

    /** Time limit. The first load reads some gigabytes from the disk. */
    static final Duration LIMIT = Duration.ofMinutes(3);

    /**
     * Checks the libtorch in a folder.
     *
     * @param links folder in which the other process may create links
     * @throws UserException if there is no usable libtorch, it cannot be loaded, or loading takes too long
     */
    VerifiedLibraries run(Path folder, Path links, Progress progress) {
        progress.report(Progress.UNKNOWN, "looking for libtorch in " + folder);
        TorchFolder torch = TorchFolder.find(folder);
        progress.report(Progress.UNKNOWN, "starting libtorch %s in a process of its own".formatted(torch.version()));
        try {
            WritablePaths.requireFolder(Folders.parent(links));
            ChildProcess.Ended ended = child.run(
                            List.of(LibraryProbe.ARGUMENT, folder.toString(), links.toString()), new byte[0], progress)
                    .orElseThrow(() -> new UserException(
                            "libtorch in %s did not start within %s seconds; check it once more, or choose another folder."
                                    .formatted(folder, child.limit().toSeconds())));
            return answer(torch, ended);
        } catch (IOException e) {
            throw new UserException("The libraries cannot be checked: %s.".formatted(FileErrors.reason(e)), e);
        }
    }

    private static VerifiedLibraries answer(TorchFolder torch, ChildProcess.Ended ended) {
        Optional<JsonNode> found = ended.said()
                .lines()
                .filter(line -> line.startsWith("{"))
                .reduce((first, last) -> last)
                .flatMap(LibraryCheck::parse);
        if (found.isEmpty()) {
            LoggerFactory.getLogger(LibraryCheck.class).warn("{}", ended);
            throw new UserException(
                    "The process that loaded libtorch from %s ended with code %s; the log has what it said. Choose another folder."
                            .formatted(torch.asked(), ended.code()));
        }
        JsonNode facts = found.get();
        if (facts.has("error")) {
            throw new UserException(facts.get("error").asText());
        }
        List<String> devices = StreamSupport.stream(facts.path("devices").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
        return new VerifiedLibraries(
                torch.asked(),
                facts.path("version").asText(),
                LinkFolder.fingerprint(torch),
                Optional.ofNullable(facts.path("cuda").textValue()),
                devices);
    }

    private static Optional<JsonNode> parse(String line) {
        try {
            return Optional.of(Json.parse(line));
        } catch (JsonProcessingException e) {
            return Optional.empty(); // output of some library
        }
    }
}
