// Generated from openapi.yaml by tools/generate-openapi.ts. Do not edit.

export interface paths {
    "/terminals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Register a terminal with its public key
         * @description The one-time enrolment code is given to the installer. The request is signed with the key that is being registered, so it proves possession. The same code, terminal and key may be sent again (the answer was lost); the code with another terminal or key is refused with 403 `enrolment-code-used`.
         */
        post: operations["registerTerminal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/terminals/{terminalId}/renewals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Renew a registration that ends or has ended
         * @description Signed with the registered key. A suspended terminal gets 403, an unknown one 401 `terminal-unknown`.
         */
        post: operations["renewTerminal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/terminals/{terminalId}/heartbeats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say that the terminal lives and what it can do */
        post: operations["sendHeartbeat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/catalogue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The matters and pack version that the backend accepts now */
        get: operations["getCatalogueVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Open a session with evidence of identity */
        post: operations["openSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{sessionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End a session and drop its drafts */
        delete: operations["endSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/drafts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin a draft of a case in a session */
        post: operations["createDraft"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/drafts/{draftId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A draft with its answers and form */
        get: operations["getDraft"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/drafts/{draftId}/form": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Replace the answers and form of a draft */
        put: operations["putForm"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Announce a file with its length and SHA-256
         * @description The terminal names its file with an `attachmentId` of its own; a submission refers to that id and to the SHA-256, so its bytes can be frozen before anything is uploaded. Announcing the same attachment again while its upload lives gives the same upload and its offset.
         */
        post: operations["createUpload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/uploads/{uploadId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /** How many bytes are safely stored */
        head: operations["getUploadOffset"];
        /**
         * Store one piece, at most 2 MiB, at an offset
         * @description Answered only after the piece is on disk. 409 `offset-mismatch` when the offset is not the stored one: ask with HEAD and go on there. After the last piece the SHA-256 is compared with the manifest; if it differs the upload is dropped and the answer is 422 `upload-content-differs`.
         */
        patch: operations["putUploadPiece"];
        trace?: never;
    };
    "/licence-fetches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fetch one electronic licence (电子证照) with the citizen's consent
         * @description Each fetch is recorded with purpose, matter, terminal, time and consent. That there is none is an answer, not a fault.
         */
        post: operations["fetchLicence"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/data-checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have a fact checked in another department's register (数据核验) */
        post: operations["checkData"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/commitments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Record a commitment (告知承诺)
         * @description A person with an unmended record of false commitments gets 422 `commitment-not-allowed` and brings the paper instead.
         */
        post: operations["makeCommitment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pre-checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Every gap of a case, all at once (一次性告知)
         * @description Takes what would be submitted and answers with the whole list of gaps, never only the first. Has no effect. Files need not be uploaded yet.
         */
        post: operations["preCheck"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The cases of the citizen of a session */
        get: operations["listCases"];
        put?: never;
        /**
         * Submit a case
         * @description The body carries everything and needs no session, because it may come hours after the citizen has left. Every file that it names must have been uploaded (422 `upload-missing`). 422 `gaps-remain` lists all gaps; 422 `case-conflict` says that an open case of the same matter exists.
         */
        post: operations["submitCase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cases/{caseNumber}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * State and timeline of a case
         * @description Says nothing of the applicant, so that a number alone reveals no person.
         */
        get: operations["getCase"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cases/{caseNumber}/proof": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The proof (证明) that a case resulted in
         * @description Only for the terminal that submitted the case, and only in an open session of its applicant.
         */
        get: operations["getProof"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/proofs/{verificationCode}/document": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The sealed proof as pages of A4
         * @description The official document: issued and electronically sealed by the platform, printed by the terminal byte for byte. Only for the terminal that submitted the case. The code is known to whoever was given the proof and to nobody else.
         */
        get: operations["fetchProofDocument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/evaluations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Grade the service of one case */
        post: operations["evaluate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** Format: uuid */
        Id: string;
        TerminalId: string;
        /**
         * Format: date-time
         * @description RFC 3339, UTC.
         */
        Time: string;
        /** Format: date */
        Date: string;
        Month: string;
        /** @description Hexadecimal, lower case. */
        Sha256: string;
        /** @description Region 6, date 8, running number 6, check character (ISO 7064 MOD 37,36). */
        CaseNumber: string;
        LocalText: {
            "zh-CN": string;
            en: string;
        };
        /**
         * @description Stable; programs decide by it, people read the sentence.
         * @enum {string}
         */
        ProblemCode: "malformed" | "idempotency-key-missing" | "digest-mismatch" | "signature-invalid" | "request-time-out-of-window" | "nonce-replayed" | "terminal-unknown" | "registration-expired" | "terminal-suspended" | "terminal-mismatch" | "enrolment-code-unknown" | "enrolment-code-used" | "not-found" | "session-ended" | "still-running" | "offset-mismatch" | "upload-gone" | "too-large" | "idempotency-key-reused" | "upload-content-differs" | "upload-missing" | "evidence-unknown" | "commitment-not-allowed" | "identity-refused" | "gaps-remain" | "case-conflict" | "matter-not-offered" | "already-evaluated" | "too-many-requests" | "internal" | "unavailable";
        Problem: {
            /** @description urn:one-window:problem: followed by the code. */
            type: string;
            title: string;
            status: number;
            code: components["schemas"]["ProblemCode"];
            sentence: components["schemas"]["LocalText"];
            /** @description JSON pointer of what is wrong; never a value. */
            where?: string;
            gaps?: components["schemas"]["Gap"][];
        };
        TerminalRegistration: {
            enrolmentCode: string;
            /** @description Ed25519 public key, 32 bytes, base64. */
            publicKey: string;
            /** @description 行政区划代码. */
            region: string;
            name: components["schemas"]["LocalText"];
            software: string;
        };
        TerminalRegistered: {
            terminalId: components["schemas"]["TerminalId"];
            registeredAt: components["schemas"]["Time"];
            expiresAt: components["schemas"]["Time"];
            heartbeatSeconds: number;
        };
        TerminalRenewal: {
            software: string;
        };
        Heartbeat: {
            software: string;
            packVersion?: string;
            sentAt: components["schemas"]["Time"];
            devices: {
                id: string;
                kind: string;
                state: string;
                since: components["schemas"]["Time"];
                /** @description Never holds anything about a citizen. */
                code?: string;
            }[];
            /** @description Ids of the matters that can be done at this terminal now. */
            offered: string[];
            outbox: {
                waiting: number;
                held: number;
                oldestMs?: number;
            };
        };
        HeartbeatAnswer: {
            time: components["schemas"]["Time"];
            catalogueVersion: string;
            nextSeconds: number;
        };
        CatalogueVersion: {
            version: string;
            matters: {
                id: components["schemas"]["MatterId"];
                name: components["schemas"]["LocalText"];
                /** @description Whether submissions are taken now. */
                open: boolean;
            }[];
        };
        MatterId: string;
        /** @description How the terminal came to know who stands before it. Biometrics themselves never leave the terminal here. */
        IdentityEvidence: {
            /** @enum {unknown} */
            how: "card-read" | "card-and-face" | "card-and-staff" | "qr-code";
            readAt: components["schemas"]["Time"];
            deviceId?: string;
        };
        Person: {
            name: string;
            englishName?: string;
            /** @enum {unknown} */
            kind: "resident" | "hk-mo-tw-resident" | "foreigner-2017" | "foreigner-2023";
            /** @description 证件号码. */
            number: string;
            /** @enum {unknown} */
            sex?: "male" | "female" | "unknown" | "not-stated";
            birth?: components["schemas"]["Date"];
            nationCode?: string;
            nationality?: string;
            address?: string;
            phone?: string;
        };
        SessionOpening: {
            person: components["schemas"]["Person"];
            evidence: components["schemas"]["IdentityEvidence"];
            consents: components["schemas"]["Consent"][];
        };
        Session: {
            sessionId: components["schemas"]["Id"];
            openedAt: components["schemas"]["Time"];
            expiresAt: components["schemas"]["Time"];
        };
        MatterRef: {
            id: components["schemas"]["MatterId"];
            name: components["schemas"]["LocalText"];
            /** @description 基本编码. */
            catalogCode?: string;
            /** @description 实施编码. */
            taskCode: string;
            /** @description 业务办理项编码. */
            taskHandleItem?: string;
        };
        PackRef: {
            id: string;
            version: string;
        };
        /** @description Answers to the situation questions (情形), by question id. */
        Answers: {
            [key: string]: unknown;
        };
        /** @description The form, by field id, as the pack's JSON Schema describes it. */
        FormData: {
            [key: string]: unknown;
        };
        DraftOpening: {
            sessionId: components["schemas"]["Id"];
            matter: components["schemas"]["MatterRef"];
            pack: components["schemas"]["PackRef"];
        };
        DraftForm: {
            answers: components["schemas"]["Answers"];
            form: components["schemas"]["FormData"];
        };
        Draft: {
            draftId: components["schemas"]["Id"];
            sessionId: components["schemas"]["Id"];
            matter: components["schemas"]["MatterRef"];
            pack: components["schemas"]["PackRef"];
            answers: components["schemas"]["Answers"];
            form: components["schemas"]["FormData"];
            updatedAt: components["schemas"]["Time"];
        };
        FileRef: {
            attachmentId: components["schemas"]["Id"];
            sha256: components["schemas"]["Sha256"];
            bytes: number;
            /** @enum {unknown} */
            mime: "image/jpeg" | "image/png" | "application/pdf";
        };
        UploadManifest: {
            file: components["schemas"]["FileRef"];
            /** @enum {unknown} */
            purpose: "material" | "signature";
        };
        Upload: {
            uploadId: components["schemas"]["Id"];
            offset: number;
            bytes: number;
            expiresAt: components["schemas"]["Time"];
        };
        /** @description What the citizen agreed to, in which wording, and when. */
        Consent: {
            id: string;
            textVersion: string;
            agreedAt: components["schemas"]["Time"];
        };
        /** @description 证照类型代码, as the matter pack names it. A type that the licence library does not hold is answered with `none`. */
        LicenceType: string;
        LicenceFetch: {
            sessionId: components["schemas"]["Id"];
            type: components["schemas"]["LicenceType"];
            purpose: components["schemas"]["LocalText"];
            matter: components["schemas"]["MatterId"];
            consent: components["schemas"]["Consent"];
        };
        Licence: {
            licenceRef: components["schemas"]["Id"];
            type: components["schemas"]["LicenceType"];
            name: components["schemas"]["LocalText"];
            /** @description 证照标识. */
            identifier: string;
            /** @description 证照编码. */
            number: string;
            holder: string;
            issuer: string;
            issuedOn: components["schemas"]["Date"];
            validTo?: components["schemas"]["Date"];
            fields: {
                id: string;
                label: components["schemas"]["LocalText"];
                value: string;
            }[];
        };
        LicenceFetched: {
            /** @constant */
            outcome: "found";
            licence: components["schemas"]["Licence"];
        } | {
            /** @enum {unknown} */
            outcome: "none" | "expired";
            sentence: components["schemas"]["LocalText"];
        };
        /** @description Which register is asked, as the matter pack names it. A check that the backend does not offer is answered with `unknown`. */
        DataCheckKind: string;
        DataCheck: {
            sessionId: components["schemas"]["Id"];
            check: components["schemas"]["DataCheckKind"];
            matter: components["schemas"]["MatterId"];
            /** @description What is to be confirmed, for example the address. */
            facts: {
                [key: string]: string;
            };
            consent: components["schemas"]["Consent"];
        };
        DataChecked: {
            /**
             * @description unknown: the register did not answer; the citizen proves it in another way.
             * @enum {unknown}
             */
            outcome: "passed" | "failed" | "unknown";
            checkRef: components["schemas"]["Id"];
            checkedAt: components["schemas"]["Time"];
            sentence: components["schemas"]["LocalText"];
            findings: {
                label: components["schemas"]["LocalText"];
                value: string;
            }[];
        };
        CommitmentMaking: {
            sessionId: components["schemas"]["Id"];
            matter: components["schemas"]["MatterId"];
            /** @description The material that the commitment stands for. */
            materialId: string;
            commitment: components["schemas"]["Consent"];
        };
        CommitmentMade: {
            commitmentRef: components["schemas"]["Id"];
            recordedAt: components["schemas"]["Time"];
        };
        /**
         * @description card: the laid ID card itself; licence, data-check, scan, commitment; generated: made by the terminal from the form; later: 容缺, supplied within the tolerance; paper: handed in at the window.
         * @enum {string}
         */
        HowGiven: "card" | "licence" | "data-check" | "scan" | "commitment" | "generated" | "later" | "paper";
        /** @description 容缺. How long the pack lets a material follow; the backend answers with the day. */
        Tolerance: {
            days: number;
            /** @enum {unknown} */
            unit: "working-day" | "calendar-day";
        };
        /** @description One material and the way in which it was given. */
        SubmittedMaterial: {
            id: string;
            name: components["schemas"]["LocalText"];
            how: components["schemas"]["HowGiven"];
            uploads: components["schemas"]["FileRef"][];
            licenceRef?: components["schemas"]["Id"];
            checkRef?: components["schemas"]["Id"];
            commitmentRef?: components["schemas"]["Id"];
            tolerance?: components["schemas"]["Tolerance"];
            /** @description What was read from the pages and confirmed by the citizen. */
            fields?: {
                [key: string]: string;
            };
            /** @description How each of `fields` came about. Only `read-sure` was read from the page without doubt; the others are the citizen's word. What was read before it was corrected is not sent. */
            fieldSources?: {
                [key: string]: "read-sure" | "read-unsure-confirmed" | "typed";
            };
        };
        /** @description What a person must look at on a paper: the terminal could not decide it (`undecided`), or a rule of the matter does not hold and the matter leaves that to a person (`differs`). It was not held against the citizen. */
        ReviewPoint: {
            materialId: string;
            /** @description Id of the check in the matter pack, or `picture-…` for a picture with a flaw or of another paper. */
            code: string;
            /** @enum {unknown} */
            finding: "undecided" | "differs";
            question: components["schemas"]["LocalText"];
        };
        SubmittedCommitment: {
            id: string;
            materialId?: string;
            textVersion: string;
            agreedAt: components["schemas"]["Time"];
            commitmentRef?: components["schemas"]["Id"];
        };
        /** @description The strokes as a PNG. */
        HandwrittenSignature: {
            file: components["schemas"]["FileRef"];
            signedAt: components["schemas"]["Time"];
        };
        Channel: {
            /** @constant */
            kind: "terminal";
            terminalId: components["schemas"]["TerminalId"];
            software?: string;
        };
        PreCheck: {
            matter: components["schemas"]["MatterRef"];
            pack: components["schemas"]["PackRef"];
            applicant: components["schemas"]["Person"];
            agent?: components["schemas"]["Person"];
            answers: components["schemas"]["Answers"];
            form: components["schemas"]["FormData"];
            materials: components["schemas"]["SubmittedMaterial"][];
            commitments: components["schemas"]["SubmittedCommitment"][];
            reviewPoints?: components["schemas"]["ReviewPoint"][];
        };
        Submission: {
            /** @description What the terminal called it before there was a case number. */
            localNumber: string;
            confirmedAt: components["schemas"]["Time"];
            matter: components["schemas"]["MatterRef"];
            pack: components["schemas"]["PackRef"];
            applicant: components["schemas"]["Person"];
            agent?: components["schemas"]["Person"];
            evidence: components["schemas"]["IdentityEvidence"];
            answers: components["schemas"]["Answers"];
            form: components["schemas"]["FormData"];
            materials: components["schemas"]["SubmittedMaterial"][];
            commitments: components["schemas"]["SubmittedCommitment"][];
            reviewPoints?: components["schemas"]["ReviewPoint"][];
            consents: components["schemas"]["Consent"][];
            signature?: components["schemas"]["HandwrittenSignature"];
            channel: components["schemas"]["Channel"];
        };
        /** @description One thing that stands in the way, and what to do about it. */
        Gap: {
            code: string;
            target: {
                /** @enum {unknown} */
                kind: "applicant" | "answer" | "field" | "material" | "matter";
                /** @description Id of the question, field or material. */
                id?: string;
            };
            sentence: components["schemas"]["LocalText"];
            remedy: components["schemas"]["LocalText"];
            caseNumber?: components["schemas"]["CaseNumber"];
        };
        GapList: {
            checkedAt: components["schemas"]["Time"];
            gaps: components["schemas"]["Gap"][];
        };
        /**
         * @description received 收件, accepted 受理, correction-needed 补正, in-progress 办理中, special-procedure 特别程序, done 办结, refused 不予受理或不予办理, withdrawn 撤回.
         * @enum {string}
         */
        CaseState: "received" | "accepted" | "correction-needed" | "in-progress" | "special-procedure" | "done" | "refused" | "withdrawn";
        /** @description The promised time. Days only, because the calendar of holidays is applied by the department. */
        Promise: {
            /** @enum {unknown} */
            unit: "at-once" | "working-day" | "calendar-day";
            days?: number;
        };
        CaseReceipt: {
            caseNumber: components["schemas"]["CaseNumber"];
            receivedAt: components["schemas"]["Time"];
            state: components["schemas"]["CaseState"];
            promise: components["schemas"]["Promise"];
            /** @description Materials that may follow, each with its last day. */
            tolerated: {
                materialId: string;
                until: components["schemas"]["Date"];
            }[];
            proof?: components["schemas"]["Proof"];
        };
        CaseView: {
            caseNumber: components["schemas"]["CaseNumber"];
            matter: components["schemas"]["MatterRef"];
            packVersion: string;
            state: components["schemas"]["CaseState"];
            receivedAt: components["schemas"]["Time"];
            promise: components["schemas"]["Promise"];
            timeline: {
                at: components["schemas"]["Time"];
                state: components["schemas"]["CaseState"];
                sentence: components["schemas"]["LocalText"];
            }[];
            materials: {
                id: string;
                name: components["schemas"]["LocalText"];
                how: components["schemas"]["HowGiven"];
                files: number;
                toleranceUntil?: components["schemas"]["Date"];
            }[];
        };
        CaseList: {
            cases: components["schemas"]["CaseView"][];
        };
        /**
         * @description pension 养老, medical 医疗, unemployment 失业, work-injury 工伤, maternity 生育.
         * @enum {string}
         */
        InsuranceKind: "pension" | "medical" | "unemployment" | "work-injury" | "maternity";
        VerificationCode: string;
        /** @description 社会保险参保缴费证明. The verification code lets anybody check it with the issuer. */
        Proof: {
            /** @constant */
            kind: "social-insurance-contributions";
            title: components["schemas"]["LocalText"];
            verificationCode: components["schemas"]["VerificationCode"];
            /**
             * Format: uri
             * @description Where anybody checks the proof with its code.
             */
            verifyUrl: string;
            issuer: components["schemas"]["LocalText"];
            issuedAt: components["schemas"]["Time"];
            holder: {
                name: string;
                numberMasked: string;
            };
            rows: {
                kind: components["schemas"]["InsuranceKind"];
                from: components["schemas"]["Month"];
                to: components["schemas"]["Month"];
                months: number;
                employer: string;
            }[];
            totals: {
                kind: components["schemas"]["InsuranceKind"];
                months: number;
            }[];
        };
        Evaluation: {
            caseNumber: components["schemas"]["CaseNumber"];
            /** @description 5 非常满意 … 1 非常不满意. */
            grade: number;
            details?: string[];
            words?: string;
            at: components["schemas"]["Time"];
        };
        EvaluationRecorded: {
            recordedAt: components["schemas"]["Time"];
        };
    };
    responses: {
        /** @description 400 malformed; 401 the backend does not know who asks; 403 this terminal may not; 404 unknown; 409 try again (still running, or another offset); 410 no longer kept; 413 too large; 422 understood and refused; 429 slow down. */
        Refused: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The backend could not do its work; try again later. */
        Failed: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /** @description Which terminal sends. */
        TerminalId: components["schemas"]["TerminalId"];
        /** @description The terminal's time of sending. */
        RequestTime: components["schemas"]["Time"];
        /** @description Never used twice by a terminal. */
        RequestNonce: string;
        /** @description SHA-256 of the body as in RFC 9530; of zero bytes where there is no body. */
        ContentDigest: string;
        /** @description A UUID as a structured-field string, so with quotation marks. */
        IdempotencyKey: string;
        /** @description The terminal itself; another one's id is refused with 403. */
        TerminalIdInPath: components["schemas"]["TerminalId"];
        /** @description The session. */
        SessionIdInPath: components["schemas"]["Id"];
        /** @description The draft. */
        DraftIdInPath: components["schemas"]["Id"];
        /** @description The upload. */
        UploadIdInPath: components["schemas"]["Id"];
        /** @description 办件编号. */
        CaseNumberInPath: components["schemas"]["CaseNumber"];
    };
    requestBodies: never;
    headers: {
        /** @description Path of what was made. */
        Location: string;
        /** @description Bytes that are safely stored. */
        UploadOffset: number;
        /** @description Bytes of the whole file. */
        UploadLength: number;
        /** @description Code of the problem, where the answer has no body. */
        ProblemCode: components["schemas"]["ProblemCode"];
        /** @description Seconds to wait before the next try. */
        RetryAfter: number;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    registerTerminal: {
        parameters: {
            query?: never;
            header: {
                /** @description Which terminal sends. */
                "X-Terminal-Id": components["parameters"]["TerminalId"];
                /** @description The terminal's time of sending. */
                "X-Request-Time": components["parameters"]["RequestTime"];
                /** @description Never used twice by a terminal. */
                "X-Request-Nonce": components["parameters"]["RequestNonce"];
                /** @description SHA-256 of the body as in RFC 9530; of zero bytes where there is no body. */
                "Content-Digest": components["parameters"]["ContentDigest"];
                /** @description A UUID as a structured-field string, so with quotation marks. */
                "Idempotency-Key": components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TerminalRegistration"];
            };
        };
        responses: {
            /** @description Registered. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TerminalRegistered"];
                };
            };
            "4XX": components["responses"]["Refused"];
            "5XX": components["responses"]["Failed"];
        };
    };
    renewTerminal: {
        parameters: {
            query?: never;
            header: {
                /** @description Which terminal sends. */
                "X-Terminal-Id": components["parameters"]["TerminalId"];
                /** @description The terminal's time of sending. */
                "X-Request-Time": components["parameters"]["RequestTime"];
                /** @description Never used twice by a terminal. */
                "X-Request-Nonce": components["parameters"]["RequestNonce"];
                /** @description SHA-256 of the body as in RFC 9530; of zero bytes where there is no body. */
                "Content-Digest": components["parameters"]["ContentDigest"];
                /** @description A UUID as a structured-field string, so with quotation marks. */
                "Idempotency-Key": components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description The terminal itself; another one's id is refused with 403. */
                terminalId: components["parameters"]["TerminalIdInPath"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TerminalRenewal"];
            };
        };
        responses: {
            /** @description Renewed. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TerminalRegistered"];
                };
            };
            "4XX": components["responses"]["Refused"];
            "5XX": components["responses"]["Failed"];
        };
    };
    sendHeartbeat: {
        parameters: {
            query?: never;
            header: {
                /** @description Which terminal sends. */
                "X-Terminal-Id": components["parameters"]["TerminalId"];
                /** @description The terminal's time of sending. */
                "X-Request-Time": components["parameters"]["RequestTime"];
                /** @description Never used twice by a terminal. */
                "X-Request-Nonce": components["parameters"]["RequestNonce"];
                /** @description SHA-256 of the body as in RFC 9530; of zero bytes where there is no body. */
                "Content-Digest": components["parameters"]["ContentDigest"];
                /** @description A UUID as a structured-field string, so with quotation marks. */
                "Idempotency-Key": components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description The terminal itself; another one's id is refused with 403. */
                terminalId: components["parameters"]["TerminalIdInPath"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Heartbeat"];
            };
        };
        responses: {
            /** @description Heard. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HeartbeatAnswer"];
                };
            };
            "4XX": components["responses"]["Refused"];
            "5XX": components["responses"]["Failed"];
        };
    };
    getCatalogueVersion: {
        parameters: {
            query?: never;
            header: {
                /** @description Which terminal sends. */
                "X-Terminal-Id": components["parameters"]["TerminalId"];
                /** @description The terminal's time of sending. */
                "X-Request-Time": components["parameters"]["RequestTime"];
                /** @description Never used twice by a terminal. */
                "X-Request-Nonce": components["parameters"]["RequestNonce"];
                /** @description SHA-256 of the body as in RFC 9530; of zero bytes where there is no body. */
                "Content-Digest": components["parameters"]["ContentDigest"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The catalogue in force. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CatalogueVersion"];
                };
            };
            "4XX": components["responses"]["Refused"];
            "5XX": components["responses"]["Failed"];
        };
    };
    openSession: {
        parameters: {
            query?: never;
            header: {
                /** @description Which terminal sends. */
                "X-Terminal-Id": components["parameters"]["TerminalId"];
                /** @description The terminal's time of sending. */
                "X-Request-Time": components["parameters"]["RequestTime"];
                /** @description Never used twice by a terminal. */
                "X-Request-Nonce": components["parameters"]["RequestNonce"];
                /** @description SHA-256 of the body as in RFC 9530; of zero bytes where there is no body. */
                "Content-Digest": components["parameters"]["ContentDigest"];
                /** @description A UUID as a structured-field string, so with quotation marks. */
                "Idempotency-Key": components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SessionOpening"];
            };
        };
        responses: {
            /** @description Open. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            "4XX": components["responses"]["Refused"];
            "5XX": components["responses"]["Failed"];
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header: {
                /** @description Which terminal sends. */
                "X-Terminal-Id": components["parameters"]["TerminalId"];
                /** @description The terminal's time of sending. */
                "X-Request-Time": components["parameters"]["RequestTime"];
                /** @description Never used twice by a terminal. */
                "X-Request-Nonce": components["parameters"]["RequestNonce"];
                /** @description SHA-256 of the body as in RFC 9530; of zero bytes where there is no body. */
                "Content-Digest": components["parameters"]["ContentDigest"];
            };
            path: {
                /** @description The session. */
                sessionId: components["parameters"]["SessionIdInPath"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended. Ending a session again is no fault. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Refused"];
            "5XX": components["responses"]["Failed"];
        };
    };
    createDraft: {
        parameters: {
            query?: never;
            header: {
                /** @description Which terminal sends. */
                "X-Terminal-Id": components["parameters"]["TerminalId"];
                /** @description The terminal's time of sending. */
                "X-Request-Time": components["parameters"]["RequestTime"];
                /** @description Never used twice by a terminal. */
                "X-Request-Nonce": components["parameters"]["RequestNonce"];
                /** @description SHA-256 of the body as in RFC 9530; of zero bytes where there is no body. */
                "Content-Digest": components["parameters"]["ContentDigest"];
                /** @description A UUID as a structured-field string, so with quotation marks. */
                "Idempotency-Key": components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DraftOpening"];
            };
        };
        responses: {
            /** @description Begun. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Draft"];
                };
            };
            "4XX": components["responses"]["Refused"];
            "5XX": components["responses"]["Failed"];
        };
    };
    getDraft: {
        parameters: {
            query?: never;
            header: {
                /** @description Which terminal sends. */
                "X-Terminal-Id": components["parameters"]["TerminalId"];
                /** @description The terminal's time of sending. */
                "X-Request-Time": components["parameters"]["RequestTime"];
                /** @description Never used twice by a terminal. */
                "X-Request-Nonce": components["parameters"]["RequestNonce"];
                /** @description SHA-256 of the body as in RFC 9530; of zero bytes where there is no body. */
                "Content-Digest": components["parameters"]["ContentDigest"];
            };
            path: {
                /** @description The draft. */
                draftId: components["parameters"]["DraftIdInPath"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The draft. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Draft"];
                };
            };
            "4XX": components["responses"]["Refused"];
            "5XX": components["responses"]["Failed"];
        };
    };
    putForm: {
        parameters: {
            query?: never;
            header: {
                /** @description Which terminal sends. */
                "X-Terminal-Id": components["parameters"]["TerminalId"];
                /** @description The terminal's time of sending. */
                "X-Request-Time": components["parameters"]["RequestTime"];
                /** @description Never used twice by a terminal. */
                "X-Request-Nonce": components["parameters"]["RequestNonce"];
                /** @description SHA-256 of the body as in RFC 9530; of zero bytes where there is no body. */
                "Content-Digest": components["parameters"]["ContentDigest"];
            };
            path: {
                /** @description The draft. */
                draftId: components["parameters"]["DraftIdInPath"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DraftForm"];
            };
        };
        responses: {
            /** @description The draft as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Draft"];
                };
            };
            "4XX": components["responses"]["Refused"];
            "5XX": components["responses"]["Failed"];
        };
    };
    createUpload: {
        parameters: {
            query?: never;
            header: {
                /** @description Which terminal sends. */
                "X-Terminal-Id": components["parameters"]["TerminalId"];
                /** @description The terminal's time of sending. */
                "X-Request-Time": components["parameters"]["RequestTime"];
                /** @description Never used twice by a terminal. */
                "X-Request-Nonce": components["parameters"]["RequestNonce"];
                /** @description SHA-256 of the body as in RFC 9530; of zero bytes where there is no body. */
                "Content-Digest": components["parameters"]["ContentDigest"];
                /** @description A UUID as a structured-field string, so with quotation marks. */
                "Idempotency-Key": components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UploadManifest"];
            };
        };
        responses: {
            /** @description Pieces may be sent. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            "4XX": components["responses"]["Refused"];
            "5XX": components["responses"]["Failed"];
        };
    };
    getUploadOffset: {
        parameters: {
            query?: never;
            header: {
                /** @description Which terminal sends. */
                "X-Terminal-Id": components["parameters"]["TerminalId"];
                /** @description The terminal's time of sending. */
                "X-Request-Time": components["parameters"]["RequestTime"];
                /** @description Never used twice by a terminal. */
                "X-Request-Nonce": components["parameters"]["RequestNonce"];
                /** @description SHA-256 of the body as in RFC 9530; of zero bytes where there is no body. */
                "Content-Digest": components["parameters"]["ContentDigest"];
            };
            path: {
                /** @description The upload. */
                uploadId: components["parameters"]["UploadIdInPath"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The offset at which to go on. */
            200: {
                headers: {
                    "Upload-Offset": components["headers"]["UploadOffset"];
                    "Upload-Length": components["headers"]["UploadLength"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused. A HEAD has no body, so the problem's code stands in a header. */
            "4XX": {
                headers: {
                    "Problem-Code": components["headers"]["ProblemCode"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Try again later. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    putUploadPiece: {
        parameters: {
            query?: never;
            header: {
                /** @description Which terminal sends. */
                "X-Terminal-Id": components["parameters"]["TerminalId"];
                /** @description The terminal's time of sending. */
                "X-Request-Time": components["parameters"]["RequestTime"];
                /** @description Never used twice by a terminal. */
                "X-Request-Nonce": components["parameters"]["RequestNonce"];
                /** @description SHA-256 of the body as in RFC 9530; of zero bytes where there is no body. */
                "Content-Digest": components["parameters"]["ContentDigest"];
                /** @description Where this piece begins, in bytes. */
                "Upload-Offset": number;
            };
            path: {
                /** @description The upload. */
                uploadId: components["parameters"]["UploadIdInPath"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/offset+octet-stream": string;
            };
        };
        responses: {
            /** @description Stored. */
            204: {
                headers: {
                    "Upload-Offset": components["headers"]["UploadOffset"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Refused"];
            "5XX": components["responses"]["Failed"];
        };
    };
    fetchLicence: {
        parameters: {
            query?: never;
            header: {
                /** @description Which terminal sends. */
                "X-Terminal-Id": components["parameters"]["TerminalId"];
                /** @description The terminal's time of sending. */
                "X-Request-Time": components["parameters"]["RequestTime"];
                /** @description Never used twice by a terminal. */
                "X-Request-Nonce": components["parameters"]["RequestNonce"];
                /** @description SHA-256 of the body as in RFC 9530; of zero bytes where there is no body. */
                "Content-Digest": components["parameters"]["ContentDigest"];
                /** @description A UUID as a structured-field string, so with quotation marks. */
                "Idempotency-Key": components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LicenceFetch"];
            };
        };
        responses: {
            /** @description The licence, or that there is none. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LicenceFetched"];
                };
            };
            "4XX": components["responses"]["Refused"];
            "5XX": components["responses"]["Failed"];
        };
    };
    checkData: {
        parameters: {
            query?: never;
            header: {
                /** @description Which terminal sends. */
                "X-Terminal-Id": components["parameters"]["TerminalId"];
                /** @description The terminal's time of sending. */
                "X-Request-Time": components["parameters"]["RequestTime"];
                /** @description Never used twice by a terminal. */
                "X-Request-Nonce": components["parameters"]["RequestNonce"];
                /** @description SHA-256 of the body as in RFC 9530; of zero bytes where there is no body. */
                "Content-Digest": components["parameters"]["ContentDigest"];
                /** @description A UUID as a structured-field string, so with quotation marks. */
                "Idempotency-Key": components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DataCheck"];
            };
        };
        responses: {
            /** @description What the register says. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataChecked"];
                };
            };
            "4XX": components["responses"]["Refused"];
            "5XX": components["responses"]["Failed"];
        };
    };
    makeCommitment: {
        parameters: {
            query?: never;
            header: {
                /** @description Which terminal sends. */
                "X-Terminal-Id": components["parameters"]["TerminalId"];
                /** @description The terminal's time of sending. */
                "X-Request-Time": components["parameters"]["RequestTime"];
                /** @description Never used twice by a terminal. */
                "X-Request-Nonce": components["parameters"]["RequestNonce"];
                /** @description SHA-256 of the body as in RFC 9530; of zero bytes where there is no body. */
                "Content-Digest": components["parameters"]["ContentDigest"];
                /** @description A UUID as a structured-field string, so with quotation marks. */
                "Idempotency-Key": components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CommitmentMaking"];
            };
        };
        responses: {
            /** @description Recorded. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommitmentMade"];
                };
            };
            "4XX": components["responses"]["Refused"];
            "5XX": components["responses"]["Failed"];
        };
    };
    preCheck: {
        parameters: {
            query?: never;
            header: {
                /** @description Which terminal sends. */
                "X-Terminal-Id": components["parameters"]["TerminalId"];
                /** @description The terminal's time of sending. */
                "X-Request-Time": components["parameters"]["RequestTime"];
                /** @description Never used twice by a terminal. */
                "X-Request-Nonce": components["parameters"]["RequestNonce"];
                /** @description SHA-256 of the body as in RFC 9530; of zero bytes where there is no body. */
                "Content-Digest": components["parameters"]["ContentDigest"];
                /** @description A UUID as a structured-field string, so with quotation marks. */
                "Idempotency-Key": components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreCheck"];
            };
        };
        responses: {
            /** @description The list; empty when nothing is missing. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GapList"];
                };
            };
            "4XX": components["responses"]["Refused"];
            "5XX": components["responses"]["Failed"];
        };
    };
    listCases: {
        parameters: {
            query: {
                /** @description An open session of this terminal. */
                sessionId: components["schemas"]["Id"];
            };
            header: {
                /** @description Which terminal sends. */
                "X-Terminal-Id": components["parameters"]["TerminalId"];
                /** @description The terminal's time of sending. */
                "X-Request-Time": components["parameters"]["RequestTime"];
                /** @description Never used twice by a terminal. */
                "X-Request-Nonce": components["parameters"]["RequestNonce"];
                /** @description SHA-256 of the body as in RFC 9530; of zero bytes where there is no body. */
                "Content-Digest": components["parameters"]["ContentDigest"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseList"];
                };
            };
            "4XX": components["responses"]["Refused"];
            "5XX": components["responses"]["Failed"];
        };
    };
    submitCase: {
        parameters: {
            query?: never;
            header: {
                /** @description Which terminal sends. */
                "X-Terminal-Id": components["parameters"]["TerminalId"];
                /** @description The terminal's time of sending. */
                "X-Request-Time": components["parameters"]["RequestTime"];
                /** @description Never used twice by a terminal. */
                "X-Request-Nonce": components["parameters"]["RequestNonce"];
                /** @description SHA-256 of the body as in RFC 9530; of zero bytes where there is no body. */
                "Content-Digest": components["parameters"]["ContentDigest"];
                /** @description A UUID as a structured-field string, so with quotation marks. */
                "Idempotency-Key": components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Submission"];
            };
        };
        responses: {
            /** @description Received. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseReceipt"];
                };
            };
            "4XX": components["responses"]["Refused"];
            "5XX": components["responses"]["Failed"];
        };
    };
    getCase: {
        parameters: {
            query?: never;
            header: {
                /** @description Which terminal sends. */
                "X-Terminal-Id": components["parameters"]["TerminalId"];
                /** @description The terminal's time of sending. */
                "X-Request-Time": components["parameters"]["RequestTime"];
                /** @description Never used twice by a terminal. */
                "X-Request-Nonce": components["parameters"]["RequestNonce"];
                /** @description SHA-256 of the body as in RFC 9530; of zero bytes where there is no body. */
                "Content-Digest": components["parameters"]["ContentDigest"];
            };
            path: {
                /** @description 办件编号. */
                caseNumber: components["parameters"]["CaseNumberInPath"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The case. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseView"];
                };
            };
            "4XX": components["responses"]["Refused"];
            "5XX": components["responses"]["Failed"];
        };
    };
    getProof: {
        parameters: {
            query: {
                /** @description An open session of the applicant at this terminal. */
                sessionId: components["schemas"]["Id"];
            };
            header: {
                /** @description Which terminal sends. */
                "X-Terminal-Id": components["parameters"]["TerminalId"];
                /** @description The terminal's time of sending. */
                "X-Request-Time": components["parameters"]["RequestTime"];
                /** @description Never used twice by a terminal. */
                "X-Request-Nonce": components["parameters"]["RequestNonce"];
                /** @description SHA-256 of the body as in RFC 9530; of zero bytes where there is no body. */
                "Content-Digest": components["parameters"]["ContentDigest"];
            };
            path: {
                /** @description 办件编号. */
                caseNumber: components["parameters"]["CaseNumberInPath"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The proof. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Proof"];
                };
            };
            "4XX": components["responses"]["Refused"];
            "5XX": components["responses"]["Failed"];
        };
    };
    fetchProofDocument: {
        parameters: {
            query?: never;
            header: {
                /** @description Which terminal sends. */
                "X-Terminal-Id": components["parameters"]["TerminalId"];
                /** @description The terminal's time of sending. */
                "X-Request-Time": components["parameters"]["RequestTime"];
                /** @description Never used twice by a terminal. */
                "X-Request-Nonce": components["parameters"]["RequestNonce"];
                /** @description SHA-256 of the body as in RFC 9530; of zero bytes where there is no body. */
                "Content-Digest": components["parameters"]["ContentDigest"];
            };
            path: {
                /** @description The verification code of the proof. */
                verificationCode: components["schemas"]["VerificationCode"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document, A4, upright. */
            200: {
                headers: {
                    /** @description How many pages the document has, so that the terminal can prove that all of them came out. */
                    "X-Document-Pages": number;
                    /** @description SHA-256 of the document (RFC 9530). What does not match is not printed. */
                    "Content-Digest": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
            "4XX": components["responses"]["Refused"];
            "5XX": components["responses"]["Failed"];
        };
    };
    evaluate: {
        parameters: {
            query?: never;
            header: {
                /** @description Which terminal sends. */
                "X-Terminal-Id": components["parameters"]["TerminalId"];
                /** @description The terminal's time of sending. */
                "X-Request-Time": components["parameters"]["RequestTime"];
                /** @description Never used twice by a terminal. */
                "X-Request-Nonce": components["parameters"]["RequestNonce"];
                /** @description SHA-256 of the body as in RFC 9530; of zero bytes where there is no body. */
                "Content-Digest": components["parameters"]["ContentDigest"];
                /** @description A UUID as a structured-field string, so with quotation marks. */
                "Idempotency-Key": components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Evaluation"];
            };
        };
        responses: {
            /** @description Recorded. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EvaluationRecorded"];
                };
            };
            "4XX": components["responses"]["Refused"];
            "5XX": components["responses"]["Failed"];
        };
    };
}
