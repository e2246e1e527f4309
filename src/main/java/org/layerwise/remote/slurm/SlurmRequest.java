package org.layerwise.remote.slurm;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.layerwise.base.Limits;
import org.layerwise.base.UserException;

/**
 * Resources that a job requests from the queue. The values become part of a script, so only few characters are allowed.
 *
 * @param time time limit in Slurm's own forms, such as {@code 30}, {@code 2:00:00} or {@code 1-12}
 * @param nodes number of nodes, at least 1
 * @param gpus GPUs per node; 0 for none
 * @param setup shell lines before the program, such as {@code module load cuda}, and further options for the queue,
 *     such as {@code #SBATCH --mem=64G}
 */
public record SlurmRequest(
        Optional<String> partition,
        Optional<String> account,
        Optional<String> time,
        int nodes,
        int gpus,
        List<String> setup) {

    private static final int MOST_NODES = 4096;
    private static final int MOST_GPUS = 64;
    private static final String ASKING = "#SBATCH";
    private static final Pattern ASKED = Pattern.compile("#SBATCH +--([a-z-]+)(?:=[A-Za-z0-9_./:,+%@=&|\\[\\]-]+)?");
    private static final Pattern CLUSTERS = Pattern.compile("#SBATCH +--clusters=([A-Za-z0-9_,-]+)");
    /** Options that {@code job.sbatch} must set itself. */
    private static final Set<String> OWN = Set.of(
            "job-name",
            "nodes",
            "ntasks",
            "ntasks-per-node",
            "tasks-per-node",
            "gpus-per-node",
            "partition",
            "account",
            "time",
            "signal",
            "output",
            "error",
            "open-mode",
            "array",
            "chdir");

    /** The only option of sbatch whose whole name is the beginning of an own option's. */
    private static final String GPUS = "gpus";

    private static final int EARLY = 300;
    private static final int SOON = 30;

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.,+-]{0,99}");
    /**
     * Matches the forms of sbatch --time: minutes, minutes:seconds, hours:minutes:seconds, days-hours,
     * days-hours:minutes, days-hours:minutes:seconds.
     */
    private static final Pattern TIME =
            Pattern.compile("\\d{1,9}(?::\\d{1,2}){0,2}|\\d{1,5}-\\d{1,2}(?::\\d{1,2}){0,2}");

    /** Request for one node of the queue's default partition, without GPUs. */
    public static final SlurmRequest ONE_NODE =
            new SlurmRequest(Optional.empty(), Optional.empty(), Optional.empty(), 1, 0, List.of());

    /**
     * Creates a request.
     *
     * @throws UserException if a value is invalid
     */
    public SlurmRequest {
        partition.ifPresent(word -> word("partition", word));
        account.ifPresent(word -> word("account", word));
        time.ifPresent(SlurmRequest::time);
        Limits.between("The number of nodes", nodes, 1, MOST_NODES);
        Limits.between("The number of GPUs a node", gpus, 0, MOST_GPUS);
        setup = setup.stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        setup.forEach(SlurmRequest::line);
    }

    /**
     * Returns the time between the warning of a job and its time limit, in seconds, in which the job saves its state:
     * five minutes, or a tenth of a short time limit.
     */
    public int warningSeconds() {
        return time.map(limit -> (int) Math.max(SOON, Math.min(EARLY, seconds(limit) / 10)))
                .orElse(EARLY);
    }

    private static long seconds(String time) {
        boolean days = time.contains("-");
        String[] parts = time.split("[-:]");
        // seconds in a unit of the first part, and of each following part
        long[] units = days
                ? new long[] {86_400, 3600, 60, 1}
                : parts.length == 3 ? new long[] {3600, 60, 1} : new long[] {60, 1};
        long seconds = 0;
        for (int i = 0; i < parts.length; i++) {
            seconds += Long.parseLong(parts[i]) * units[i];
        }
        return seconds;
    }

    /** Returns the shell lines before the program. */
    public List<String> lines() {
        return setup.stream().filter(line -> !line.startsWith(ASKING)).toList();
    }

    /** Returns the further options for the queue, as lines of sbatch. */
    public List<String> asked() {
        return setup.stream().filter(line -> line.startsWith(ASKING)).toList();
    }

    /** Returns the clusters that {@code #SBATCH --clusters} names, where one Slurm has several; empty for the own one. */
    public Optional<String> clusters() {
        return asked().stream()
                .map(CLUSTERS::matcher)
                .filter(Matcher::matches)
                .map(line -> line.group(1))
                .findFirst();
    }

    private static void word(String what, String word) {
        if (!WORD.matcher(word).matches()) {
            throw new UserException(
                    "The %s \"%s\" must be one word of letters, digits and _ . , + -.".formatted(what, word));
        }
    }

    private static void time(String time) {
        if (!TIME.matcher(time).matches()) {
            throw new UserException(
                    "\"%s\" is no time limit; write minutes, HOURS:MINUTES:SECONDS or DAYS-HOURS, like 90, 2:00:00 or 1-12."
                            .formatted(time));
        }
    }

    private static void line(String line) {
        if (line.chars().anyMatch(Character::isISOControl)) {
            throw new UserException("A line to put before the job holds a control character: \"%s\".".formatted(line));
        }
        if (!line.startsWith(ASKING)) {
            return;
        }
        Matcher asked = ASKED.matcher(line);
        if (!asked.matches()) {
            throw new UserException("\"%s\" asks nothing of Slurm; write it like #SBATCH --mem=64G.".formatted(line));
        }
        if (isOwn(asked.group(1))) {
            throw new UserException(
                    "\"%s\" would be at odds with the job's own lines; use --partition, --account, --time, --nodes and --gpus."
                            .formatted(line));
        }
    }

    /** Returns true if sbatch takes a name, which it also takes when it is cut short, for that of an own option. */
    private static boolean isOwn(String name) {
        return !name.equals(GPUS) && OWN.stream().anyMatch(own -> own.startsWith(name));
    }
}
