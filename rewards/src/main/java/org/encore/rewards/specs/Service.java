package org.encore.rewards.specs;

import org.encore.rewards.RewardModel;
import org.encore.rewards.mixture.Member;
import org.encore.rewards.mixture.Normaliser;
import org.encore.rewards.mixture.Normaliser.Bounds;
import org.encore.rewards.mixture.Normaliser.Identity;
import org.encore.rewards.mixture.WeightSchedule;
import org.encore.rewards.mixture.WeightSchedule.Constant;
import org.encore.rewards.service.ServiceReward;
import org.encore.rewards.service.ServiceSettings;
import org.encore.rewards.service.ServiceSettings.Notes;
import org.encore.rewards.service.ServiceSettings.Reach;
import org.encore.rewards.service.ServiceSettings.Sound;

/** {@link ServiceReward}; what its keys mean stands at {@link ServiceSettings}. */
public record Service(
        String id,
        double weight,
        WeightSchedule schedule,
        Normaliser normaliser,
        Bounds clip,
        String url,
        Reach reach,
        Sound sound,
        Notes notes,
        int batch,
        double timeoutSeconds,
        int attempts,
        double backoffSeconds)
        implements RewardSpec {
    private static final String ANYWHERE = "http://localhost/";

    public Service {
        Member.requireValid(id, weight);
        new ServiceSettings(
                url == null ? ANYWHERE : url, reach, sound, notes, batch, timeoutSeconds, attempts, backoffSeconds);
    }

    /**
     * With weight 1, sound but no notes, 16 samples a request, three attempts of a minute each, and half a second
     * before the second: our choice. The url is null: a configuration must say it.
     */
    public static Service defaults() {
        return new Service(
                "service",
                1.0,
                new Constant(),
                new Identity(),
                Bounds.defaults(),
                null,
                Reach.LOOPBACK,
                Sound.BASE64,
                Notes.NONE,
                16,
                60.0,
                3,
                0.5);
    }

    @Override
    public RewardModel reward() {
        return new ServiceReward(
                id, new ServiceSettings(url, reach, sound, notes, batch, timeoutSeconds, attempts, backoffSeconds));
    }
}
