package org.layerwise.gui.preferences;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CancelledException;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.tasks.FxExecutor;
import org.layerwise.remote.ssh.HostKey;
import org.layerwise.remote.ssh.SshQuestions;

/**
 * Asks the user the questions of an SSH connection in dialogs, while the thread of the connection waits. Passphrases
 * are kept in memory until the window closes, because broken connections are re-established automatically.
 */
public final class ClusterQuestions implements SshQuestions {

    private final FxExecutor ui;
    private final Dialogs dialogs;
    private final Map<Path, char[]> passphrases = new ConcurrentHashMap<>();

    public ClusterQuestions(FxExecutor ui, Dialogs dialogs) {
        this.ui = ui;
        this.dialogs = dialogs;
    }

    @Override
    public boolean trust(HostKey key) {
        return ask(() -> dialogs.confirm(
                text("ssh.trust.title", key.name()),
                text("ssh.trust.sentence", key.type(), key.fingerprint()),
                text("ssh.trust.yes"),
                text("ssh.trust.no")));
    }

    @Override
    public char @Nullable [] passphrase(Path key, boolean wrong) {
        char[] known = passphrases.get(key);
        if (known != null && !wrong) {
            return known.clone(); // a copy, since the caller may clear the array
        }
        passphrases.remove(key);
        char[] told = ask(() -> dialogs.passphrase(
                        text("ssh.passphrase.title"),
                        text(wrong ? "ssh.passphrase.again" : "ssh.passphrase.sentence", key)))
                .orElse(null);
        if (told != null) {
            passphrases.put(key, told.clone());
        }
        return told;
    }

    /** Asks one question at a time, so that simultaneous connections do not open two dialogs. */
    private synchronized <T> T ask(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        ui.run(() -> {
            try {
                answer.complete(question.get());
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
