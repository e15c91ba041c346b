//! What the pages say, in the languages that they know.

/// What a page is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Text {
    /// Shall we stop?
    Ask,
    /// We have stopped.
    Done,
    /// We could not note it; try again.
    Failed,
    /// The link is not one of ours.
    Unknown,
    /// The link is too old.
    Expired,
}

/// The words of one language: for each text a title and a sentence.
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
}

impl Words {
    /// The words of the first language that `accept_language` names and we know, else English. Weights
    /// are taken to be in order, as browsers send them.
    pub(super) fn of(accept_language: &str) -> &'static Self {
        let asked = accept_language.split([',', ';']).map(str::trim);
        let known = asked.filter_map(|tag| {
            let language = tag.split('-').next().unwrap_or_default();
            ALL.iter().find(|words| words.language.eq_ignore_ascii_case(language))
        });
        let [english, ..] = &ALL;
        known.into_iter().next().unwrap_or(english)
    }

    /// The title and the sentence.
    pub(super) const fn say(&self, text: Text) -> (&'static str, &'static str) {
        match text {
            Text::Ask => self.ask,
            Text::Done => self.done,
            Text::Failed => self.failed,
            Text::Unknown => self.unknown,
            Text::Expired => self.expired,
        }
    }
}

static ALL: [Words; 6] = [
    Words {
        language: "en",
        button: "Unsubscribe",
        ask: ("Unsubscribe?", "You will no longer get these messages."),
        done: (
            "You are unsubscribed",
            "You will no longer get these messages. There is nothing more to do.",
        ),
        failed: ("That did not work", "We could not note it just now. Please try again."),
        unknown: (
            "This link does not work",
            "It may be incomplete. Please use the whole link from the message, or answer the message.",
        ),
        expired: (
            "This link has expired",
            "Please use the link in a newer message, or answer the message.",
        ),
    },
    Words {
        language: "es",
        button: "Darme de baja",
        ask: ("¿Darse de baja?", "Ya no recibirá estos mensajes."),
        done: ("Se ha dado de baja", "Ya no recibirá estos mensajes. No tiene que hacer nada más."),
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
    },
    Words {
        language: "fr",
        button: "Me désabonner",
        ask: ("Vous désabonner ?", "Vous ne recevrez plus ces messages."),
        done: (
            "Vous êtes désabonné",
            "Vous ne recevrez plus ces messages. Vous n’avez rien d’autre à faire.",
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
    },
    Words {
        language: "de",
        button: "Abmelden",
        ask: ("Abmelden?", "Sie erhalten diese Nachrichten dann nicht mehr."),
        done: (
            "Sie sind abgemeldet",
            "Sie erhalten diese Nachrichten nicht mehr. Mehr ist nicht zu tun.",
        ),
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
    },
    Words {
        language: "pt",
        button: "Cancelar inscrição",
        ask: ("Cancelar a inscrição?", "Deixará de receber estas mensagens."),
        done: (
            "Inscrição cancelada",
            "Já não receberá estas mensagens. Não precisa de fazer mais nada.",
        ),
        failed: ("Não funcionou", "Não conseguimos registá-lo agora. Tente novamente."),
        unknown: (
            "Esta ligação não funciona",
            "Pode estar incompleta. Use a ligação inteira da mensagem ou responda à mensagem.",
        ),
        expired: (
            "Esta ligação expirou",
            "Use a ligação de uma mensagem mais recente ou responda à mensagem.",
        ),
    },
    Words {
        language: "it",
        button: "Annulla l’iscrizione",
        ask: ("Annullare l’iscrizione?", "Non riceverà più questi messaggi."),
        done: ("Iscrizione annullata", "Non riceverà più questi messaggi. Non deve fare altro."),
        failed: ("Non ha funzionato", "Non siamo riusciti a registrarlo. Riprovi."),
        unknown: (
            "Questo link non funziona",
            "Forse è incompleto. Usi il link intero del messaggio, o risponda al messaggio.",
        ),
        expired: (
            "Questo link è scaduto",
            "Usi il link di un messaggio più recente, o risponda al messaggio.",
        ),
    },
];
