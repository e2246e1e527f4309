package org.layerwise.study.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.layerwise.base.Finding;
import org.slf4j.LoggerFactory;

/** Collector of the results of checks. A check that fails does not prevent the following checks. */
final class Look {

    private final List<Finding> findings = new ArrayList<>();

    /** Runs one check. */
    Look at(String name, Callable<Finding> look) {
        return atSeveral(name, () -> List.of(look.call()));
    }

    /** Runs a check that has several results. */
    Look atSeveral(String name, Callable<List<Finding>> look) {
        try {
            findings.addAll(look.call());
        } catch (Exception | LinkageError | AssertionError | InternalError e) {
            // any failure of a broken installation is reported, not hidden
            LoggerFactory.getLogger(Look.class).warn("{} cannot be looked at", name, e);
            findings.add(Finding.wrong(name, words(e), "The log has the details."));
        }
        return this;
    }

    List<Finding> findings() {
        return List.copyOf(findings);
    }

    private static String words(Throwable e) {
        String message = e.getMessage();
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    }
}
