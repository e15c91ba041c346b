//! What the pages say, in the languages that they know.

use super::promise::Promise;
use crate::policy::rules::ChannelKind;

/// What a page is about.
#[derive(Clone, Copy, Debug)]
pub(super) enum Text<'a> {
    /// Shall we stop this?
    Ask(&'a Promise),
    /// We have stopped this.
    Done(&'a Promise),
    /// We could not note it; try again.
    Failed,
    /// The link is not one of ours.
    Unknown,
    /// The link is too old.
    Expired,
}

/// The words of one language: for each text a title and a sentence. `{}` stands for what is
/// stopped, or for a name.
#[derive(Debug)]
pub(super) struct Words {
    /// Its BCP 47 tag.
    pub(super) language: &'static str,
    /// What the button says.
    pub(super) button: &'static str,
    ask: (&'static str, &'static str),
    done: (&'static str, &'static str),
    failed: (&'static str, &'static str),
    unknown: (&'static str, &'static str),
    expired: (&'static str, &'static str),
    /// No more of what is marketing.
    pub(super) marketing: &'static str,
    /// No more of anything.
    pub(super) everything: &'static str,
    /// No more of a purpose.
    pub(super) of_purpose: &'static str,
    /// By e-mail, text, call, notification, messenger, post.
    means: [&'static str; 6],
    /// Through a channel of another kind.
    pub(super) through: &'static str,
    /// About a topic or an occasion.
    pub(super) about: &'static str,
    /// By a brand.
    pub(super) from: &'static str,
    /// What still comes where marketing is stopped.
    pub(super) no_marketing_comes: &'static str,
    /// What still comes where something narrow is stopped.
    pub(super) all_else_comes: &'static str,
    /// What still comes where everything is stopped, but for what is exempt from opt-outs.
    pub(super) exceptions_come: &'static str,
    /// That nothing is exempt.
    pub(super) nothing_comes: &'static str,
    /// That other channels are not stopped.
    pub(super) other_means: &'static str,
}

impl Words {
    /// The words of the first language that `accept_language` names and we know, else English.
    /// Weights are taken to be in order, as browsers send them.
    pub(super) fn of(accept_language: &str) -> &'static Self {
        let asked = accept_language.split([',', ';']).map(str::trim);
        let known = asked.filter_map(|tag| {
            let language = tag.split('-').next().unwrap_or_default();
            ALL.iter().find(|words| words.language.eq_ignore_ascii_case(language))
        });
        let [english, ..] = &ALL;
        known.into_iter().next().unwrap_or(english)
    }

    /// The title and the sentence, as HTML.
    pub(super) fn say(&self, text: Text<'_>) -> (&'static str, String) {
        let (title, sentence) = match text {
            Text::Ask(_) => self.ask,
            Text::Done(_) => self.done,
            Text::Failed => self.failed,
            Text::Unknown => self.unknown,
            Text::Expired => self.expired,
        };
        let sentence = match text {
            Text::Ask(promise) | Text::Done(promise) => {
                sentence.replace("{}", &promise.stops(self))
            }
            Text::Failed | Text::Unknown | Text::Expired => sentence.to_owned(),
        };
        (title, sentence)
    }

    /// What customers call a kind of channel.
    pub(super) const fn means(&self, kind: ChannelKind) -> Option<&'static str> {
        let [email, text, call, push, messenger, post] = self.means;
        match kind {
            ChannelKind::Email => Some(email),
            ChannelKind::Text => Some(text),
            ChannelKind::Call => Some(call),
            ChannelKind::Push => Some(push),
            ChannelKind::Messenger => Some(messenger),
            ChannelKind::Post => Some(post),
            ChannelKind::Other => None,
        }
    }
}

static ALL: [Words; 6] = [
    Words {
        language: "en",
        button: "Unsubscribe",
        ask: ("Unsubscribe?", "You will no longer get {}."),
        done: ("You are unsubscribed", "You will no longer get {}. There is nothing more to do."),
        failed: ("That did not work", "We could not note it just now. Please try again."),
        unknown: (
            "This link does not work",
            "It may be incomplete. Please use the whole link from the message, or answer the message.",
        ),
        expired: (
            "This link has expired",
            "Please use the link in a newer message, or answer the message.",
        ),
        marketing: "advertising",
        everything: "any messages",
        of_purpose: "messages of the kind “{}”",
        means: [
            "by e-mail",
            "by text message",
            "by phone",
            "by notification",
            "by messenger",
            "by post",
        ],
        through: "through “{}”",
        about: "about “{}”",
        from: "from “{}”",
        no_marketing_comes: "Messages that are not advertising still come, such as receipts and passwords that you ask for.",
        all_else_comes: "All other messages still come.",
        exceptions_come: "Only what has to be sent still comes, such as passwords that you ask for.",
        nothing_comes: "There are no exceptions.",
        other_means: "What comes by other means does not change.",
    },
    Words {
        language: "es",
        button: "Darme de baja",
        ask: ("¿Darse de baja?", "Ya no recibirá {}."),
        done: ("Se ha dado de baja", "Ya no recibirá {}. No tiene que hacer nada más."),
        failed: (
            "No ha funcionado",
            "No hemos podido anotarlo en este momento. Inténtelo de nuevo.",
        ),
        unknown: (
            "Este enlace no funciona",
            "Puede que esté incompleto. Use el enlace entero del mensaje o responda al mensaje.",
        ),
        expired: (
            "Este enlace ha caducado",
            "Use el enlace de un mensaje más reciente o responda al mensaje.",
        ),
        marketing: "publicidad",
        everything: "ningún mensaje",
        of_purpose: "mensajes del tipo «{}»",
        means: [
            "por correo electrónico",
            "por mensaje de texto",
            "por teléfono",
            "por notificación",
            "por mensajería",
            "por correo postal",
        ],
        through: "por «{}»",
        about: "sobre «{}»",
        from: "de «{}»",
        no_marketing_comes: "Los mensajes que no son publicidad siguen llegando, como los recibos y las contraseñas que usted pida.",
        all_else_comes: "Todos los demás mensajes siguen llegando.",
        exceptions_come: "Solo sigue llegando lo que debe enviarse, como las contraseñas que usted pida.",
        nothing_comes: "No hay excepciones.",
        other_means: "Lo que llega por otros medios no cambia.",
    },
    Words {
        language: "fr",
        button: "Me désabonner",
        ask: ("Vous désabonner ?", "Vous ne recevrez plus {}."),
        done: (
            "Vous êtes désabonné",
            "Vous ne recevrez plus {}. Vous n’avez rien d’autre à faire.",
        ),
        failed: (
            "Cela n’a pas fonctionné",
            "Nous n’avons pas pu l’enregistrer. Veuillez réessayer.",
        ),
        unknown: (
            "Ce lien ne fonctionne pas",
            "Il est peut-être incomplet. Utilisez le lien entier du message, ou répondez au message.",
        ),
        expired: (
            "Ce lien a expiré",
            "Utilisez le lien d’un message plus récent, ou répondez au message.",
        ),
        marketing: "de publicité",
        everything: "aucun message",
        of_purpose: "de messages du type « {} »",
        means: [
            "par e-mail",
            "par SMS",
            "par téléphone",
            "par notification",
            "par messagerie",
            "par courrier",
        ],
        through: "par « {} »",
        about: "sur « {} »",
        from: "de « {} »",
        no_marketing_comes: "Les messages qui ne sont pas de la publicité continuent d’arriver, comme les reçus et les mots de passe que vous demandez.",
        all_else_comes: "Tous les autres messages continuent d’arriver.",
        exceptions_come: "Seul ce qui doit être envoyé continue d’arriver, comme les mots de passe que vous demandez.",
        nothing_comes: "Il n’y a pas d’exception.",
        other_means: "Ce qui arrive par d’autres moyens ne change pas.",
    },
    Words {
        language: "de",
        button: "Abmelden",
        ask: ("Abmelden?", "Sie erhalten dann {} mehr."),
        done: ("Sie sind abgemeldet", "Sie erhalten {} mehr. Mehr ist nicht zu tun."),
        failed: (
            "Das hat nicht geklappt",
            "Wir konnten es gerade nicht festhalten. Bitte versuchen Sie es noch einmal.",
        ),
        unknown: (
            "Dieser Link funktioniert nicht",
            "Vielleicht ist er unvollständig. Bitte nehmen Sie den ganzen Link aus der Nachricht, oder antworten Sie auf die Nachricht.",
        ),
        expired: (
            "Dieser Link ist abgelaufen",
            "Bitte nehmen Sie den Link aus einer neueren Nachricht, oder antworten Sie auf die Nachricht.",
        ),
        marketing: "keine Werbung",
        everything: "keine Nachrichten",
        of_purpose: "keine Nachrichten der Art „{}“",
        means: [
            "per E-Mail",
            "per SMS",
            "per Telefon",
            "als Benachrichtigung",
            "per Messenger",
            "per Post",
        ],
        through: "über „{}“",
        about: "zu „{}“",
        from: "von „{}“",
        no_marketing_comes: "Nachrichten, die keine Werbung sind, kommen weiterhin, etwa Belege und Passwörter, die Sie anfordern.",
        all_else_comes: "Alle anderen Nachrichten kommen weiterhin.",
        exceptions_come: "Es kommt nur noch, was gesendet werden muss, etwa Passwörter, die Sie anfordern.",
        nothing_comes: "Ausnahmen gibt es nicht.",
        other_means: "Was auf anderen Wegen kommt, ändert sich nicht.",
    },
    Words {
        language: "pt",
        button: "Cancelar inscrição",
        ask: ("Cancelar a inscrição?", "Deixará de receber {}."),
        done: ("Inscrição cancelada", "Já não receberá {}. Não precisa de fazer mais nada."),
        failed: ("Não funcionou", "Não conseguimos registá-lo agora. Tente novamente."),
        unknown: (
            "Esta ligação não funciona",
            "Pode estar incompleta. Use a ligação inteira da mensagem ou responda à mensagem.",
        ),
        expired: (
            "Esta ligação expirou",
            "Use a ligação de uma mensagem mais recente ou responda à mensagem.",
        ),
        marketing: "publicidade",
        everything: "quaisquer mensagens",
        of_purpose: "mensagens do tipo “{}”",
        means: [
            "por e-mail",
            "por SMS",
            "por telefone",
            "por notificação",
            "por aplicações de mensagens",
            "por correio",
        ],
        through: "por “{}”",
        about: "sobre “{}”",
        from: "de “{}”",
        no_marketing_comes: "As mensagens que não são publicidade continuam a chegar, como os recibos e as palavras-passe que pedir.",
        all_else_comes: "Todas as outras mensagens continuam a chegar.",
        exceptions_come: "Só continua a chegar o que tem de ser enviado, como as palavras-passe que pedir.",
        nothing_comes: "Não há exceções.",
        other_means: "O que chega por outros meios não muda.",
    },
    Words {
        language: "it",
        button: "Annulla l’iscrizione",
        ask: ("Annullare l’iscrizione?", "Non riceverà più {}."),
        done: ("Iscrizione annullata", "Non riceverà più {}. Non deve fare altro."),
        failed: ("Non ha funzionato", "Non siamo riusciti a registrarlo. Riprovi."),
        unknown: (
            "Questo link non funziona",
            "Forse è incompleto. Usi il link intero del messaggio, o risponda al messaggio.",
        ),
        expired: (
            "Questo link è scaduto",
            "Usi il link di un messaggio più recente, o risponda al messaggio.",
        ),
        marketing: "pubblicità",
        everything: "alcun messaggio",
        of_purpose: "messaggi del tipo «{}»",
        means: [
            "per e-mail",
            "per SMS",
            "per telefono",
            "per notifica",
            "via messenger",
            "per posta",
        ],
        through: "tramite «{}»",
        about: "su «{}»",
        from: "da «{}»",
        no_marketing_comes: "I messaggi che non sono pubblicità continuano ad arrivare, come le ricevute e le password che Lei richiede.",
        all_else_comes: "Tutti gli altri messaggi continuano ad arrivare.",
        exceptions_come: "Continua ad arrivare solo ciò che deve essere inviato, come le password che Lei richiede.",
        nothing_comes: "Non ci sono eccezioni.",
        other_means: "Ciò che arriva con altri mezzi non cambia.",
    },
];
