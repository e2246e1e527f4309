package org.layerwise.checkpoint.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.layerwise.testing.FakeHub.status;

import java.nio.file.Path;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.testing.FakeHub;
import org.layerwise.testing.FakeRepo;
import org.layerwise.testing.Golden;

/** Who gets which model, and who gets to see the token. */
class HubAccessTest {

    private static final String TOKEN = "hf_secret";

    @TempDir
    Path cache;

    private FakeHub fake;

    @BeforeEach
    void start() {
        fake = FakeHub.start();
    }

    @AfterEach
    void stop() {
        fake.close();
    }

    @Test
    void theTokenGoesToTheHubOnly() {
        fake.add(FakeRepo.of(Hubs.ID.text(), Golden.folder("bert")).gated());
        fake.requireToken(TOKEN);
        fake.deliverLargeFiles();

        Hubs.download(with(TOKEN));

        assertThat(fake.requests())
                .filteredOn(request -> request.port() == fake.deliveryPort())
                .isNotEmpty()
                .allMatch(request -> request.authorization().equals("null"));
        assertThat(fake.requests())
                .filteredOn(request -> request.port() != fake.deliveryPort())
                .isNotEmpty()
                .allMatch(request -> request.authorization().equals("Bearer " + TOKEN));
    }

    @Test
    void aGatedModelIsToldByThePlan() {
        fake.add(FakeRepo.of(Hubs.ID.text(), Golden.folder("bert")).gated());
        fake.requireToken(TOKEN);

        assertRefused(() -> with(null).plan(Hubs.ID, "main", Progress.none()))
                .hasMessage(
                        "org/tiny-model is given only to those who have accepted its licence: accept it at %s/org/tiny-model,"
                                + " and set HF_TOKEN to a token of your account.",
                        fake.endpoint());
    }

    @Test
    void aGatedModelAndATokenThatHasNotAccepted() {
        fake.add(FakeRepo.of(Hubs.ID.text(), Golden.folder("bert")));
        fake.lay(Hubs.ID.text(), status(403, "X-Error-Code", "GatedRepo"));
        assertRefused(() -> Hubs.download(with(TOKEN)))
                .hasMessageContaining("with the account whose token is set")
                .hasMessageNotContaining(TOKEN);
    }

    @Test
    void aPrivateOrMisspeltModel() {
        assertRefused(() -> Hubs.download(with(null)))
                .hasMessage(
                        "The hub shows no model org/tiny-model: check the spelling at %s/org/tiny-model,"
                                + " or set HF_TOKEN if the model is private.",
                        fake.endpoint());
        assertRefused(() -> Hubs.download(with(TOKEN))).hasMessageContaining("to the account whose token is set");
    }

    @Test
    void aTokenThatTheHubDoesNotKnow() {
        fake.lay(Hubs.ID.text(), status(401, "X-Error-Message", "Invalid credentials in Authorization header"));
        assertRefused(() -> Hubs.download(with(TOKEN)))
                .hasMessageContaining("does not accept the token")
                .hasMessageNotContaining(TOKEN);
    }

    @Test
    void anUnknownRevision() {
        fake.add(FakeRepo.of(Hubs.ID.text(), Golden.folder("bert")));
        assertRefused(() -> with(null).download(Hubs.ID, "v9", Hubs.ANY, new PauseSwitch(), Progress.none()))
                .hasMessageContaining("org/tiny-model has no revision 'v9' on the hub");
        assertRefused(() -> with(null).download(Hubs.ID, "../../x", Hubs.ANY, new PauseSwitch(), Progress.none()))
                .hasMessageContaining("'../../x' cannot be a revision");
    }

    @Test
    void otherRefusals() {
        fake.lay(Hubs.ID.text(), status(403, "X-Error-Message", "Not in your region."));
        assertRefused(() -> Hubs.download(with(null))).hasMessageContaining("(Not in your region)");
        fake.lay(Hubs.ID.text(), status(403, "X-Error-Message", "Access to this resource is disabled."));
        assertRefused(() -> Hubs.download(with(null))).hasMessageContaining("has disabled access");
        fake.lay(Hubs.ID.text(), status(418));
        assertRefused(() -> Hubs.download(with(null))).hasMessageContaining("refuses org/tiny-model with the code 418");
    }

    @Test
    void whoHasTheModelKeepsItWhenTheHubRefusesIt() {
        fake.add(FakeRepo.of(Hubs.ID.text(), Golden.folder("bert")));
        Path snapshot = Hubs.download(with(null));
        fake.lay(Hubs.ID.text(), status(401, "X-Error-Code", "RepoNotFound"));
        assertThat(Hubs.download(with(null))).isEqualTo(snapshot);
    }

    private Hub with(@Nullable String token) {
        return Hubs.hub(new HubSettings(
                cache, fake.endpoint(), Optional.empty(), Optional.ofNullable(token), false, Hubs.NO_PROXIES));
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(ThrowingCallable call) {
        return assertThatThrownBy(call).isInstanceOf(UserException.class);
    }
}
